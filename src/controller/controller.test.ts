import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Logger } from '../domain/logger.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type ControllerOptions, createController, type ReconcileContext } from './controller.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

const SECRET = 'planted-secret';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

interface Bench {
  readonly queue: WorkQueue;
  readonly lines: { level: string; fields: Record<string, unknown>; message: string }[];
  readonly results: string[];
  readonly stop: AbortController;
  readonly abandon: AbortController;
  readonly finished: Promise<void>;
}

function start(
  reconcile: (key: string, context: ReconcileContext) => Promise<Outcome>,
  options: Partial<ControllerOptions> = {},
): Bench {
  const queue = createWorkQueue({ clock: () => Date.now(), random: () => 0.5 });
  const lines: Bench['lines'] = [];
  const results: string[] = [];
  const controller = createController({
    name: 'test',
    queue,
    reconcile,
    clock: () => Date.now(),
    random: () => 0.5,
    log: loggerInto(lines),
    hooks: {
      finished: (result, duration, timedOut) =>
        results.push(`${result} after ${duration}${timedOut ? ' timed out' : ''}`),
    },
    ...options,
  });
  const stop = new AbortController();
  const abandon = new AbortController();
  return { queue, lines, results, stop, abandon, finished: controller.run(stop.signal, abandon.signal) };
}

function loggerInto(lines: Bench['lines']): Logger {
  function write(level: string): (fields: object, message: string) => void {
    return (fields, message) => lines.push({ level, fields: { ...fields }, message });
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

interface Row {
  readonly outcome: Outcome;
  readonly result: string;
  /** Milliseconds until the key is tried again. */
  readonly again?: number;
  readonly failures?: number;
}

const outcomes: Record<string, Row> = {
  'done: not tried again': { outcome: { kind: 'done' }, result: 'success' },
  'done, to be checked: tried again then': {
    outcome: { kind: 'done', checkAfter: 60_000 },
    result: 'requeue_after',
    again: 60_000,
  },
  'waiting: tried again when asked': {
    outcome: { kind: 'waiting', checkAfter: 5_000 },
    result: 'requeue_after',
    again: 5_000,
  },
  'failed: tried again after the back-off': {
    outcome: { kind: 'failed' },
    result: 'error',
    again: 875,
    failures: 1,
  },
  'failed with a moment asked for: not tried before': {
    outcome: { kind: 'failed', notBefore: 20_000 },
    result: 'error',
    again: 20_000,
    failures: 1,
  },
  'stalled: not tried again': { outcome: { kind: 'stalled' }, result: 'terminal' },
  'stalled, to be checked: tried again then': {
    outcome: { kind: 'stalled', checkAfter: 600_000 },
    result: 'terminal',
    again: 600_000,
  },
};

test.each(Object.entries(outcomes))('%s', async (_sentence, { outcome, result, again, failures = 0 }) => {
  const runs: number[] = [];
  const { queue, results } = start(async () => {
    runs.push(Date.now());
    return outcome;
  });
  const started = Date.now();

  queue.add('a');
  await settle();

  expect(results).toEqual([`${result} after 0`]);
  expect(queue.failures('a')).toBe(failures);
  await vi.advanceTimersByTimeAsync((again ?? 10_000_000) - 1);
  expect(runs).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs[1]).toBe(again === undefined ? undefined : started + again);
});

describe('thrown errors', () => {
  test('are backed off and logged without their message', async () => {
    const { queue, lines } = start(async () => {
      throw new Error(`answer was ${SECRET}\n    at ${SECRET} (x)`);
    });

    queue.add('ns/a');
    await settle();

    expect(queue.failures('ns/a')).toBe(1);
    expect(queue.status().delayed).toBe(1);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(lines).toMatchObject([
      {
        level: 'error',
        message: 'reconcile failed unexpectedly',
        fields: { controller: 'test', key: 'ns/a', error: 'Error', failures: 1, retryIn: 875 },
      },
    ]);
    expect(JSON.stringify(lines[0]?.fields['frames'])).toContain('controller.test.ts');
  });

  test('of a known kind are logged by their kind alone', async () => {
    const { queue, lines } = start(
      async () => {
        throw new Error(SECRET);
      },
      { errorKind: () => 'unavailable' },
    );

    queue.add('a');
    await settle();

    expect(lines).toMatchObject([
      { level: 'warn', message: 'reconcile failed', fields: { kind: 'unavailable' } },
    ]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  test('that are conflicts are tried again without a word', async () => {
    const { queue, lines, results } = start(
      async () => {
        throw new Error('conflict');
      },
      { isConflict: () => true },
    );

    queue.add('a');
    await settle();

    expect(lines).toEqual([]);
    expect(results).toEqual(['requeue after 0']);
    expect(queue.status().delayed).toBe(1);
  });

  test('do not stop the worker', async () => {
    const done: string[] = [];
    const { queue } = start(
      async (key) => {
        if (key === 'bad') {
          throw new Error('bad');
        }
        done.push(key);
        return { kind: 'done' };
      },
      { concurrency: 1 },
    );

    queue.add('bad');
    queue.add('good');
    await settle();

    expect(done).toEqual(['good']);
  });
});

test('success forgets earlier failures', async () => {
  const outcomesInTurn: Outcome[] = [{ kind: 'failed' }, { kind: 'failed' }, { kind: 'done' }];
  const { queue } = start(async () => outcomesInTurn.shift() ?? { kind: 'done' });

  queue.add('a');
  await settle();
  expect(queue.failures('a')).toBe(1);
  await vi.advanceTimersByTimeAsync(875);
  expect(queue.failures('a')).toBe(2);
  await vi.advanceTimersByTimeAsync(1_750);

  expect(queue.failures('a')).toBe(0);
});

test('each reconcile has an id of its own in its log lines', async () => {
  const { queue, lines } = start(async (_key, { log }) => {
    log.info({ step: 1 }, 'working');
    return { kind: 'done' };
  });

  queue.add('a');
  await settle();
  queue.add('a');
  await settle();

  const ids = lines.map(({ fields }) => fields['reconcileId']);
  expect(new Set(ids).size).toBe(2);
  expect(lines[0]?.fields).toMatchObject({ controller: 'test', key: 'a', step: 1 });
});

test('as many keys run at a time as the concurrency says, and no key twice', async () => {
  const running = new Set<string>();
  let most = 0;
  const { queue } = start(
    async (key) => {
      expect(running.has(key)).toBe(false);
      running.add(key);
      most = Math.max(most, running.size);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running.delete(key);
      return { kind: 'done' };
    },
    { concurrency: 3 },
  );

  for (const key of ['a', 'b', 'c', 'd', 'e']) {
    queue.add(key);
  }
  await settle();
  queue.add('a');
  await vi.advanceTimersByTimeAsync(100);

  expect(most).toBe(3);
  expect(queue.status()).toMatchObject({ depth: 0, running: 0 });
});

/** Ends when its signal is aborted, with the signal's reason. */
async function untilCut(_key: string, { signal }: ReconcileContext): Promise<Outcome> {
  await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  return { kind: 'done' };
}

test('a reconcile is cut at its deadline and backed off', async () => {
  const { queue, lines, results } = start(untilCut, { deadline: 30_000 });

  queue.add('a');
  await vi.advanceTimersByTimeAsync(30_000);

  expect(results).toEqual(['error after 30000 timed out']);
  expect(queue.failures('a')).toBe(1);
  expect(lines).toMatchObject([{ level: 'warn', fields: { kind: 'deadline' } }]);
});

describe('the end', () => {
  test('what runs may finish, what waits is not begun', async () => {
    const done: string[] = [];
    const { queue, stop, finished } = start(
      async (key) => {
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        done.push(key);
        return { kind: 'done' };
      },
      { concurrency: 1 },
    );
    queue.add('running');
    queue.add('waiting');
    await settle();

    stop.abort();
    await vi.advanceTimersByTimeAsync(5_000);
    await finished;

    expect(done).toEqual(['running']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('what does not finish in time is cut, without counting as a failure', async () => {
    const { queue, stop, finished, lines } = start(untilCut, { drain: 10_000 });
    queue.add('a');
    await settle();

    stop.abort();
    await vi.advanceTimersByTimeAsync(10_000);
    await finished;

    expect(queue.failures('a')).toBe(0);
    expect(lines).toEqual([]);
  });

  test('an abandoned controller cuts everything at once', async () => {
    const { queue, abandon, finished } = start(untilCut);
    queue.add('a');
    await settle();

    abandon.abort();
    await settle();
    await finished;

    expect(queue.status().running).toBe(0);
  });

  test('a reconcile that ignores its signal does not keep the process', async () => {
    const { queue, abandon, finished } = start(() => new Promise<never>(() => {}));
    queue.add('a');
    await settle();

    abandon.abort();
    await vi.advanceTimersByTimeAsync(2_000);

    await expect(finished).resolves.toBeUndefined();
  });

  test('with nothing running it is over at once', async () => {
    const { stop, finished } = start(async () => ({ kind: 'done' }));

    stop.abort();

    await expect(finished).resolves.toBeUndefined();
  });
});
