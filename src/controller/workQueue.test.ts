import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { createWorkQueue, type WorkQueue } from './workQueue.ts';

const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function newQueue(): WorkQueue {
  return createWorkQueue({ clock: () => Date.now(), random: () => 0 });
}

/** Takes and finishes everything that is ready now. */
async function takeAll(queue: WorkQueue): Promise<string[]> {
  const taken: string[] = [];
  while (queue.status().depth > 0) {
    const key = await queue.next(never);
    if (key === undefined) {
      break;
    }
    taken.push(key);
    queue.done(key);
  }
  return taken;
}

describe('order', () => {
  test('keys come in the order they were added, each once', async () => {
    const queue = newQueue();

    for (const key of ['a', 'b', 'a', 'c', 'b']) {
      queue.add(key);
    }

    expect(await takeAll(queue)).toEqual(['a', 'b', 'c']);
  });

  test('a normal key overtakes low ones, and so does a low one that becomes normal', async () => {
    const queue = newQueue();

    for (const key of ['low-1', 'low-2', 'low-3']) {
      queue.add(key, 'low');
    }
    queue.add('normal');
    queue.add('low-3');

    expect(await takeAll(queue)).toEqual(['normal', 'low-3', 'low-1', 'low-2']);
  });

  test('a normal key does not fall back when it is added as low', async () => {
    const queue = newQueue();

    queue.add('a');
    queue.add('b', 'low');
    queue.add('a', 'low');

    expect(await takeAll(queue)).toEqual(['a', 'b']);
  });

  test('a key that was raised once has no advantage later', async () => {
    const queue = newQueue();
    queue.add('a', 'low');
    queue.add('b', 'low');
    queue.add('a');
    await queue.next(never);
    queue.done('a');

    queue.add('a', 'low');

    expect(await takeAll(queue)).toEqual(['b', 'a']);
  });

  test('ten thousand keys, each raised, delayed and added again, come out once each', async () => {
    const queue = newQueue();
    const keys = Array.from({ length: 10_000 }, (_, index) => `namespace/pipeline-${index}`);

    for (const key of keys) {
      queue.add(key, 'low');
    }
    for (const key of keys.toReversed()) {
      queue.add(key);
      queue.addAfter(key, 1_000);
    }

    expect(await takeAll(queue)).toEqual(keys.toReversed());
    expect(queue.status()).toMatchObject({ depth: 0, delayed: 0, running: 0 });
  });
});

describe('one worker per key', () => {
  test('a key added while it runs is not given to another worker, and runs once more afterwards', async () => {
    const queue = newQueue();
    queue.add('a');
    await queue.next(never);

    queue.add('a');
    queue.add('a');
    expect(queue.status().depth).toBe(0);
    queue.done('a');

    expect(await takeAll(queue)).toEqual(['a']);
  });

  test('a key that runs again keeps its priority, unless a higher one was asked for', async () => {
    const queue = newQueue();
    queue.add('kept', 'low');
    queue.add('raised', 'low');
    await queue.next(never);
    await queue.next(never);
    queue.add('first', 'normal');

    queue.add('kept');
    queue.add('raised', 'normal');
    queue.done('kept');
    queue.done('raised');

    expect(await takeAll(queue)).toEqual(['first', 'raised', 'kept']);
  });

  test('idle workers get keys as they come, one each', async () => {
    const queue = newQueue();
    const workers = [queue.next(never), queue.next(never), queue.next(never)];

    queue.add('a');
    queue.add('a');
    queue.add('b');

    expect(await Promise.all(workers.slice(0, 2))).toEqual(['a', 'b']);
    expect(queue.status()).toMatchObject({ depth: 0, running: 2 });
  });
});

describe('later', () => {
  test('a delayed key comes when its time has come, soonest first', async () => {
    const queue = newQueue();
    queue.addAfter('c', 3_000);
    queue.addAfter('a', 1_000);
    queue.addAfter('b', 2_000);

    vi.advanceTimersByTime(999);
    expect(queue.status()).toMatchObject({ depth: 0, delayed: 3 });
    vi.advanceTimersByTime(1_001);

    expect(await takeAll(queue)).toEqual(['a', 'b']);
    expect(queue.status().delayed).toBe(1);
  });

  test('a later add does not delay an earlier one', () => {
    const queue = newQueue();
    queue.addAfter('a', 1_000);

    queue.addAfter('a', 9_000);
    vi.advanceTimersByTime(1_000);

    expect(queue.status()).toMatchObject({ depth: 1, delayed: 0 });
  });

  test('an earlier add replaces a later one', async () => {
    const queue = newQueue();
    queue.addAfter('a', 9_000);
    queue.addAfter('a', 1_000);
    queue.addAfter('b', 9_000);

    queue.add('b');
    vi.advanceTimersByTime(1_000);

    expect(await takeAll(queue)).toEqual(['b', 'a']);
    vi.advanceTimersByTime(60_000);
    expect(queue.status().depth).toBe(0);
  });

  test('a key that falls due while it runs runs once more', async () => {
    const queue = newQueue();
    queue.add('a');
    await queue.next(never);

    queue.addAfter('a', 1_000);
    vi.advanceTimersByTime(2_000);
    queue.done('a');

    expect(await takeAll(queue)).toEqual(['a']);
  });

  test('a wait of months does not overflow the timer', () => {
    const queue = newQueue();
    queue.addAfter('a', 100 * 86_400_000);

    vi.advanceTimersByTime(99 * 86_400_000);
    expect(queue.status().depth).toBe(0);
    vi.advanceTimersByTime(86_400_000);

    expect(queue.status().depth).toBe(1);
  });

  test('ten thousand delayed keys, moved forward again and again, need one timer and come in order', async () => {
    const queue = newQueue();
    const keys = Array.from({ length: 10_000 }, (_, index) => `key-${index}`);

    for (const delay of [300_000, 200_000, 100_000]) {
      for (const [index, key] of keys.entries()) {
        queue.addAfter(key, delay + ((index * 7_919) % 10_000));
      }
    }

    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(105_000);
    expect(queue.status()).toMatchObject({ depth: 5_001, delayed: 4_999 });
    vi.advanceTimersByTime(5_000);
    expect((await takeAll(queue)).length).toBe(10_000);
  });
});

describe('failures', () => {
  test('a failing key waits longer each time, until it is forgotten', () => {
    const queue = newQueue();

    const waits = [queue.fail('a'), queue.fail('a'), queue.fail('a')];
    queue.forget('a');

    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(queue.failures('a')).toBe(0);
    expect(queue.fail('a')).toBe(1_000);
  });

  test('a key is not left longer than was asked for', () => {
    const queue = newQueue();
    const waits = Array.from({ length: 10 }, () => queue.fail('a', { notAfter: 5_000 }));

    expect(waits.slice(-2)).toEqual([5_000, 5_000]);
  });

  test('a key is not tried before the moment that was asked for', () => {
    const queue = newQueue();

    expect(queue.fail('a', { notBefore: 30_000 })).toBe(30_000);
    vi.advanceTimersByTime(29_999);
    expect(queue.status().depth).toBe(0);
    vi.advanceTimersByTime(1);

    expect(queue.status().depth).toBe(1);
  });

  test('one key failing does not hold up another', async () => {
    const queue = newQueue();
    queue.fail('a');

    queue.add('b');

    expect(await takeAll(queue)).toEqual(['b']);
  });
});

describe('the end', () => {
  test('stop lets idle workers go, drops what waits, clears the timer and waits for what runs', async () => {
    const queue = newQueue();
    queue.add('running');
    await queue.next(never);
    const idle = queue.next(never);
    queue.addAfter('later', 1_000);
    let drained = false;

    const stopped = queue.stop().then(() => {
      drained = true;
    });

    expect(await idle).toBeUndefined();
    expect(await queue.next(never)).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
    expect(drained).toBe(false);
    queue.add('late');
    queue.add('running');
    queue.done('running');
    await stopped;
    expect(queue.status()).toMatchObject({ depth: 0, delayed: 0, running: 0 });
  });

  test('an aborted worker goes without a key, and the key to the next', async () => {
    const queue = newQueue();
    const abort = new AbortController();
    const leaving = queue.next(abort.signal);
    const staying = queue.next(never);

    abort.abort();
    queue.add('a');

    expect(await leaving).toBeUndefined();
    expect(await staying).toBe('a');
    expect(await queue.next(abort.signal)).toBeUndefined();
  });
});

test('hooks and status tell how long keys waited and ran', async () => {
  const seen: string[] = [];
  const queue = createWorkQueue({
    clock: () => Date.now(),
    random: () => 0,
    hooks: {
      added: (priority) => seen.push(`added ${priority}`),
      taken: (waited) => seen.push(`taken after ${waited}`),
      done: (worked) => seen.push(`done after ${worked}`),
      retried: () => seen.push('retried'),
    },
  });

  queue.add('a', 'low');
  queue.add('a', 'low');
  vi.advanceTimersByTime(100);
  await queue.next(never);
  vi.advanceTimersByTime(50);
  expect(queue.status()).toMatchObject({ running: 1, unfinished: 50, longestRunning: 50 });
  queue.fail('a');
  queue.done('a');

  expect(seen).toEqual(['added low', 'taken after 100', 'retried', 'done after 50']);
});
