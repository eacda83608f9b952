import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createInMemoryAirflow, type InMemoryAirflow } from '../../test/fakes/inMemoryAirflow.ts';
import { AirflowError } from './airflowError.ts';
import { createPoller, type Poller } from './poller.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const signal = new AbortController().signal;

let fake: InMemoryAirflow;
let interesting: Set<string>;
let reports: string[][];
let recoveries: number;
let stop: AbortController;
let running: Promise<void> | undefined;
let poller: Poller;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-23T06:00:00Z') });
  fake = createInMemoryAirflow();
  interesting = new Set();
  reports = [];
  recoveries = 0;
  stop = new AbortController();
  poller = createPoller({
    airflow: fake.airflow,
    clock: Date.now,
    random: () => 0.5,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    onRecovered: () => (recoveries += 1),
    onChange: (dagIds) => reports.push([...dagIds].toSorted()),
    interestingDagIds: () => interesting,
  });
});

afterEach(async () => {
  stop.abort();
  await running;
  running = undefined;
  vi.useRealTimers();
});

function ignore(): void {
  // Nobody reads the log here.
}

/** Adds DAGs of ours. */
function addDags(...dagIds: readonly string[]): void {
  for (const dagId of dagIds) {
    fake.addDag(dagId);
    interesting.add(dagId);
  }
}

async function run(milliseconds = 0): Promise<void> {
  running = poller.run(stop.signal);
  await advance(milliseconds);
}

async function advance(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** Forgets what was reported, and the calls. */
function forget(): void {
  reports.length = 0;
  fake.calls.length = 0;
}

function iso(at = Date.now()): string {
  return new Date(at).toISOString();
}

test('polling ends with its signal and leaves no timer behind', async () => {
  addDags('a');
  await run(minute);

  stop.abort();
  await running;

  expect(vi.getTimerCount()).toBe(0);
});

describe('the first look', () => {
  test('reports every DAG of ours, with its newest runs, and those that Airflow does not know', async () => {
    addDags('a');
    interesting.add('absent');
    for (let index = 0; index < 12; index += 1) {
      fake.addRun('a', `run-${index}`, { state: 'success', startTime: iso(index), endTime: iso(index + 1) });
    }

    await run(second);

    expect(new Set(reports.flat())).toEqual(new Set(['a', 'absent']));
    expect(poller.view('a')?.runs.map(({ runId }) => runId)).toEqual(
      Array.from({ length: 10 }, (_, index) => `run-${11 - index}`),
    );
    expect(poller.view('absent')).toEqual({ registered: false, runs: [] });
    expect(poller.view('unheard of')).toBeUndefined();
    expect(poller.state()).toMatchObject({ kind: 'ok', coreApi: { kind: 'available' } });
  });

  test('has not happened before run', () => {
    expect(poller.state()).toEqual({ kind: 'never', coreApi: { kind: 'unknown' } });
    expect(fake.calls).toEqual([]);
  });

  test('finds the runs of quiet DAGs that a busy one crowds out', async () => {
    addDags('busy', 'quiet');
    fake.addRun('quiet', 'old', { state: 'success', startTime: iso(0), endTime: iso(1) });
    for (let index = 0; index < 400; index += 1) {
      fake.addRun('busy', `run-${index}`, {
        state: 'success',
        startTime: iso(index),
        endTime: iso(index + 1),
      });
    }

    await run(10 * second);

    expect(poller.view('quiet')?.runs).toMatchObject([{ runId: 'old' }]);
    expect(poller.view('busy')?.runs[0]).toMatchObject({ runId: 'run-399' });
  });
});

describe('a change', () => {
  test('of nothing but the time of parsing is none', async () => {
    addDags('a');
    await run(second);
    forget();

    fake.addDag('a', { lastParsedTime: iso() });
    await advance(10 * minute);

    expect(reports).toEqual([]);
  });

  test.each([
    ['paused by hand', { isPaused: true }],
    ['deployed by somebody else', { description: 'another mark' }],
    ['without its file', { isActive: false }],
  ])('of a DAG that is %s is reported once', async (_, change) => {
    addDags('a', 'b');
    await run(second);
    forget();

    fake.addDag('a', change);
    await advance(30 * second);

    expect(reports).toEqual([['a']]);
    expect(poller.view('a')?.dag).toMatchObject(change);
  });

  test('of a DAG that is gone is reported, and its runs are forgotten', async () => {
    addDags('a');
    fake.addRun('a', 'r', { state: 'success', endTime: iso() });
    await run(second);
    forget();

    fake.dags.clear();
    fake.runs.length = 0;
    await advance(30 * second);

    expect(reports).toEqual([['a']]);
    expect(poller.view('a')).toEqual({ registered: false, runs: [] });
  });

  test('of a DAG that only slipped from one page to another is none', async () => {
    addDags('a', 'b');
    await run(second);
    forget();
    const dag = fake.dags.get('a');
    fake.dags.delete('a');
    fake.duringList = async () => {
      fake.duringList = undefined;
      if (dag) {
        fake.dags.set('a', dag);
      }
    };

    await advance(30 * second);

    expect(reports).toEqual([]);
    expect(poller.view('a')?.registered).toBe(true);
  });

  test('of a DAG that was deployed anew brings its runs', async () => {
    interesting.add('a');
    await run(second);
    fake.addDag('a');
    fake.addRun('a', 'r', { state: 'success', endTime: iso() });

    await advance(31 * second);

    expect(poller.view('a')).toMatchObject({ registered: true, runs: [{ runId: 'r' }] });
  });

  test('of an import error is reported with its end, and again when it is gone', async () => {
    addDags('a');
    interesting.add('never-parsed');
    await run(second);
    forget();

    fake.addDag('a', { hasImportErrors: true });
    fake.importErrors.push(
      { fileLocation: '/opt/airflow/dags/a.py', stackTrace: `${'x'.repeat(5_000)}the reason` },
      { fileLocation: 'never-parsed.py', stackTrace: 'another reason' },
      { fileLocation: 'somebody-elses.py', stackTrace: 'not ours' },
    );
    await advance(30 * second);
    expect(poller.view('a')?.importError?.endsWith('the reason')).toBe(true);
    expect(poller.view('a')?.importError?.length).toBe(2_000);
    expect(poller.view('never-parsed')?.importError).toBe('another reason');

    fake.addDag('a', { hasImportErrors: false });
    fake.importErrors.length = 0;
    await advance(30 * second);
    expect(poller.view('a')?.importError).toBeUndefined();
    expect(poller.view('never-parsed')?.importError).toBeUndefined();
  });
});

describe('a run', () => {
  test('that the scheduler starts is noticed within 30 s, and its end within 10 s', async () => {
    addDags('a');
    await run(5 * minute);
    forget();

    fake.addRun('a', 'r');
    await advance(30 * second);
    expect(poller.view('a')?.runs).toMatchObject([{ runId: 'r', state: 'running' }]);

    fake.changeRun('r', { state: 'success', endTime: iso() });
    await advance(10 * second);
    expect(poller.view('a')?.runs).toMatchObject([{ runId: 'r', state: 'success' }]);
    expect(reports).toEqual([['a'], ['a']]);
  });

  test('that begins and ends between two looks is noticed all the same', async () => {
    addDags('a');
    await run(5 * minute);

    fake.addRun('a', 'r', { state: 'success', endTime: iso(Date.now() + 1) });
    await advance(30 * second);

    expect(poller.view('a')?.runs).toMatchObject([{ runId: 'r', state: 'success' }]);
  });

  test('that stays queued is noticed within four idle looks', async () => {
    addDags('a');
    await run(5 * minute);
    const queued = fake.addRun('a', 'r', { state: 'queued' });
    fake.runs.pop();
    const { startTime, ...withoutStart } = queued;
    expect(startTime).toBeDefined();
    fake.runs.push(withoutStart);

    await advance(2 * minute);

    expect(poller.view('a')?.runs).toMatchObject([{ runId: 'r', state: 'queued' }]);
  });

  test('that is due is looked for at its time', async () => {
    addDags('a');
    await run(5 * minute);
    poller.expectRunSoon(Date.now() + 12 * second);
    await advance(12 * second);
    forget();

    fake.addRun('a', 'r');
    await advance(6 * second);

    expect(reports).toEqual([['a']]);
  });

  test('that somebody deleted is forgotten', async () => {
    addDags('a');
    fake.addRun('a', 'r');
    await run(second);
    expect(poller.view('a')?.runs).toHaveLength(1);

    fake.runs.length = 0;
    await advance(10 * second);

    expect(poller.view('a')?.runs).toEqual([]);
  });

  test('that ended while Airflow was away for hours is noticed when it is back', async () => {
    addDags('a');
    fake.addRun('a', 'r');
    await run(second);
    fake.failure = { of: 'all', error: new AirflowError('timeout', 'away') };
    await advance(minute);
    fake.changeRun('r', { state: 'failed', endTime: iso() });
    await advance(5 * hour);

    fake.failure = undefined;
    await advance(minute);

    expect(poller.view('a')?.runs).toMatchObject([{ runId: 'r', state: 'failed' }]);
  });

  test.each([-10 * minute, 10 * minute])(
    'is noticed by an Airflow whose clock differs by %s ms',
    async (skew) => {
      addDags('a');
      await run(5 * minute);

      fake.addRun('a', 'r', { startTime: iso(Date.now() + skew) });
      await advance(30 * second);
      fake.changeRun('r', { state: 'success', endTime: iso(Date.now() + skew) });
      await advance(10 * second);

      expect(poller.view('a')?.runs).toMatchObject([{ runId: 'r', state: 'success' }]);
    },
  );

  test('that both looks missed is found by the sweep', async () => {
    addDags('a');
    await run(5 * minute);
    fake.addRun('a', 'r', { state: 'success', startTime: iso(0), endTime: iso(1) });

    await advance(5 * hour);

    expect(poller.view('a')?.runs).toMatchObject([{ runId: 'r' }]);
  });

  test('of a DAG that is not ours is not kept', async () => {
    addDags('a');
    fake.addDag('other');
    fake.addRun('other', 'r');
    await run(second);

    expect(poller.view('other')).toMatchObject({ registered: true, runs: [] });
  });
});

describe('refresh', () => {
  test('reads one DAG and its runs now, and reports nothing', async () => {
    interesting.add('a');
    await run(second);
    forget();
    fake.addDag('a', { description: 'new' });
    fake.addRun('a', 'r', { state: 'success', endTime: iso() });

    const view = await poller.refresh('a', signal);

    expect(view).toMatchObject({ registered: true, dag: { description: 'new' }, runs: [{ runId: 'r' }] });
    expect(poller.view('a')).toEqual(view);
    expect(reports).toEqual([]);
    expect(fake.calls).toEqual(['dag', 'runs']);
  });

  test('of a DAG that Airflow does not know tells its import error', async () => {
    fake.importErrors.push({ fileLocation: '/opt/airflow/dags/a.py', stackTrace: 'the reason' });

    expect(await poller.refresh('a', signal)).toEqual({
      registered: false,
      runs: [],
      importError: 'the reason',
    });
  });

  test('is not overwritten by a list that began before it', async () => {
    addDags('a');
    await run(second);
    fake.duringList = async () => {
      fake.duringList = undefined;
      fake.addDag('a', { description: 'newer' });
      await poller.refresh('a', signal);
    };

    await advance(30 * second);

    expect(poller.view('a')?.dag?.description).toBe('newer');
  });

  test('throws where Airflow cannot be asked', async () => {
    fake.failure = { of: 'all', error: new AirflowError('timeout', 'away') };

    await expect(poller.refresh('a', signal)).rejects.toMatchObject({ kind: 'timeout' });
  });

  test('that finds a run under way has its end noticed soon', async () => {
    addDags('a');
    await run(5 * minute);
    await advance(10 * second);
    fake.addRun('a', 'r');
    await poller.refresh('a', signal);
    fake.changeRun('r', { state: 'success', endTime: iso() });

    await advance(10 * second);

    expect(poller.view('a')?.runs).toMatchObject([{ state: 'success' }]);
  });
});

describe('without the core API', () => {
  const refusal = new AirflowError('coreApiUnavailable', 'no REST API here');

  test('the plugin is asked about each DAG in turn', async () => {
    addDags('a', 'b');
    interesting.add('absent');
    fake.addRun('a', 'r');
    fake.failure = { of: 'core', error: refusal };

    await run(10 * second);

    expect(poller.view('a')).toMatchObject({ registered: true, runs: [{ runId: 'r', state: 'running' }] });
    expect(poller.view('a')?.dag).toBeUndefined();
    expect(poller.view('absent')).toEqual({ registered: false, runs: [] });
    expect(poller.state()).toMatchObject({
      kind: 'ok',
      coreApi: { kind: 'unavailable', message: 'no REST API here' },
    });
  });

  test('an end is noticed within 10 s among 1,000 DAGs, at about one call a second', async () => {
    addDags(...Array.from({ length: 1_000 }, (_, index) => `dag-${index}`));
    fake.failure = { of: 'core', error: refusal };
    await run(30 * minute);
    fake.addRun('dag-500', 'r');
    await poller.refresh('dag-500', signal);
    fake.changeRun('r', { state: 'success', endTime: iso() });
    forget();

    await advance(10 * second);

    expect(poller.view('dag-500')?.runs).toMatchObject([{ state: 'success' }]);
    expect(fake.calls.length).toBeLessThan(20);
  });

  test('a refresh goes through the plugin', async () => {
    fake.addDag('a');
    fake.failure = { of: 'core', error: refusal };

    expect(await poller.refresh('a', signal)).toEqual({ registered: true, runs: [] });
  });

  test('it is taken up again when it is back', async () => {
    addDags('a');
    fake.failure = { of: 'core', error: refusal };
    await run(minute);

    fake.failure = undefined;
    await advance(6 * minute);

    expect(poller.view('a')?.dag).toBeDefined();
    expect(poller.state()).toMatchObject({ coreApi: { kind: 'available' } });
  });
});

describe('a failure', () => {
  test('is kept as state and mended by the next look', async () => {
    addDags('a');
    await run(second);
    fake.failure = { of: 'all', error: new AirflowError('connectionRefused', 'refused') };
    await advance(minute);
    expect(poller.state()).toMatchObject({ kind: 'failed', error: { kind: 'connectionRefused' } });
    expect(poller.view('a')?.registered).toBe(true);

    fake.failure = undefined;
    await advance(minute);

    expect(poller.state()).toMatchObject({ kind: 'ok' });
  });

  test('is repeated later and later, at most once in the idle interval', async () => {
    addDags('a');
    fake.failure = { of: 'all', error: new AirflowError('timeout', 'away') };
    await run(10 * minute);
    forget();

    await advance(10 * minute);

    expect(fake.calls.length).toBeLessThanOrEqual(2 * 23);
  });

  test('that asks to wait is waited for', async () => {
    addDags('a');
    const error = new AirflowError('throttled', 'too many', { retryAfter: 10 * minute });
    fake.failure = { of: 'all', error };
    await run(second);
    forget();

    await advance(9 * minute);

    expect(fake.calls).toEqual([]);
  });

  test('of a listener is no end of polling', async () => {
    addDags('a');
    reports.push = () => {
      throw new Error('a defect');
    };
    await run(second);
    expect(poller.state()).toMatchObject({ kind: 'failed', error: { kind: 'unexpectedAnswer' } });

    fake.addRun('a', 'r');
    await advance(minute);

    expect(poller.view('a')?.runs).toHaveLength(1);
    expect(poller.state()).toMatchObject({ kind: 'ok' });
  });
});

describe('poke', () => {
  test('lists the DAGs soon, but not again and again', async () => {
    addDags(...Array.from({ length: 1_000 }, (_, index) => `dag-${index}`));
    await run(minute);
    forget();
    fake.addDag('dag-7', { description: 'changed' });

    for (let index = 0; index < 20; index += 1) {
      poller.poke();
      await advance(100);
    }

    expect(reports).toEqual([['dag-7']]);
    expect(fake.calls.filter((call) => call === 'dags')).toHaveLength(10);
  });
});

describe('while DAGs are expected', () => {
  test.each([
    [1, 1],
    [1_000, 10],
    [10_000, 10],
  ])('%s DAGs are listed with about %s calls in five seconds, and no call for each', async (count, calls) => {
    addDags(...Array.from({ length: count }, (_, index) => `dag-${index}`));
    await run(20 * minute);
    forget();
    poller.expectDagsUntil(Date.now() + 5 * minute);
    await advance(5 * minute);

    expect(fake.calls.filter((call) => call === 'dag')).toEqual([]);
    const perInterval = fake.calls.filter((call) => call === 'dags').length / 60;
    expect(perInterval).toBeGreaterThan(calls * 0.8);
    expect(perInterval).toBeLessThan(calls * 1.2);

    forget();
    await advance(10 * minute);
    expect(fake.calls.filter((call) => call === 'dags').length / 120).toBeLessThan(calls);
  });

  test('a new one is reported within the active interval', async () => {
    addDags('a');
    await run(minute);
    interesting.add('b');
    poller.expectDagsUntil(Date.now() + minute);
    await advance(10 * second);
    forget();
    fake.addDag('b');
    await advance(5 * second);

    expect(reports).toEqual([['b']]);
  });
});

describe('a DAG that a call of ours has paused', () => {
  test('is known to be paused without a read, also after a list that began before', async () => {
    addDags('a');
    await run(minute);
    fake.duringList = async () => {
      fake.duringList = undefined;
      fake.addDag('a', { isPaused: true });
      poller.notePaused('a', true);
    };
    forget();
    await advance(minute);

    expect(poller.view('a')?.dag).toMatchObject({ isPaused: true });
    expect(fake.calls).not.toContain('dag');
    expect(reports).toEqual([]);
  });

  test('is unknown where no list has shown it', async () => {
    await run();

    expect(poller.notePaused('unknown', true)).toBeUndefined();
  });
});

describe('the load on an idle Airflow', () => {
  test.each([
    [1, 6],
    [100, 6],
    [1_000, 6],
    [10_000, 16],
  ])('of %s pipelines is at most %s calls a minute', async (count, most) => {
    addDags(...Array.from({ length: count }, (_, index) => `dag-${index}`));
    await run(10 * minute);
    forget();

    await advance(150 * minute);

    expect(fake.calls.length / 150).toBeLessThanOrEqual(most);
    expect(reports).toEqual([]);
  });

  test('of no pipelines is the list alone', async () => {
    await run(10 * minute);

    expect(new Set(fake.calls)).toEqual(new Set(['dags']));
  });
});

test('tells when Airflow answers again, once for each time that it did not', async () => {
  addDags('a');
  await run(minute);

  expect(recoveries).toBe(0);
  expect(poller.recoveredAt()).toBeUndefined();

  fake.failure = { of: 'all', error: new AirflowError('connectionRefused', 'refused') };
  await advance(10 * minute);
  expect(recoveries).toBe(0);

  fake.failure = undefined;
  const back = Date.now();
  await advance(10 * minute);

  expect(recoveries).toBe(1);
  expect(poller.recoveredAt()).toBeGreaterThanOrEqual(back);
  expect(poller.recoveredAt()).toBeLessThanOrEqual(back + 30 * second);
});

test('1,000 DAGs with 5 changes of runs a second are all right in the end, at a bounded number of calls', async () => {
  const dagIds = Array.from({ length: 1_000 }, (_, index) => `dag-${index}`);
  addDags(...dagIds);
  await run(5 * minute);
  forget();
  let active: string[] = [];

  for (let tick = 0; tick < 600; tick += 1) {
    for (const runId of active) {
      fake.changeRun(runId, { state: 'success', endTime: iso() });
    }
    active = Array.from(
      { length: 3 },
      (_, index) => fake.addRun(`dag-${(tick * 3 + index) % 1_000}`, `run-${tick}-${index}`).runId,
    );
    await advance(second);
  }
  for (const runId of active) {
    fake.changeRun(runId, { state: 'success', endTime: iso() });
  }
  await advance(10 * second);

  for (const dagId of dagIds) {
    const newest = fake.runs.findLast((candidate) => candidate.dagId === dagId);
    expect(poller.view(dagId)?.runs[0]).toMatchObject({ runId: newest?.runId, state: 'success' });
  }
  expect(fake.calls.length / (600 / 5)).toBeLessThanOrEqual(10);
});
