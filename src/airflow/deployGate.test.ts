import { describe, expect, test } from 'vitest';
import {
  createDeployGate,
  type DeployGate,
  type DeployGateOptions,
  type DeployPermit,
} from './deployGate.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is moved, and then runs the timers that are due, in order. */
function createTime(): {
  now: () => number;
  schedule: DeployGateOptions['schedule'];
  advance: (by: number) => void;
} {
  let now = 0;
  const timers = new Set<Timer>();

  function advance(by: number): void {
    const end = now + by;
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= end).toSorted((left, right) => left.at - right.at);
      if (!next) {
        now = end;
        return;
      }
      timers.delete(next);
      now = Math.max(now, next.at);
      next.callback();
    }
  }

  return {
    now: () => now,
    schedule(callback, delay) {
      const timer = { at: now + delay, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance,
  };
}

function createGate(options: Partial<DeployGateOptions> = {}): {
  gate: DeployGate;
  turns: string[];
  advance: (by: number) => void;
  now: () => number;
} {
  const time = createTime();
  const turns: string[] = [];
  const gate = createDeployGate({
    clock: time.now,
    schedule: time.schedule,
    deploysPerMinute: 60,
    onTurn: (key) => turns.push(key),
    ...options,
  });
  return { gate, turns, advance: time.advance, now: time.now };
}

function granted(gate: DeployGate, key: string): DeployPermit {
  const turn = gate.request(key);
  if (turn.kind !== 'granted') {
    throw new Error(`${key} is queued behind ${turn.ahead}`);
  }
  return turn.permit;
}

describe('a free gate', () => {
  test('grants at once', () => {
    const { gate } = createGate();

    expect(gate.request('a').kind).toBe('granted');
    expect(gate.snapshot()).toEqual({
      queued: 0,
      running: 1,
      pauseMilliseconds: 0,
      intervalMilliseconds: 1_000,
    });
  });

  test('is not free within the spacing of the last start', () => {
    const { gate, turns, advance } = createGate();
    granted(gate, 'a').finish(100, true);

    expect(gate.request('b')).toEqual({ kind: 'queued', ahead: 0 });
    advance(999);
    expect(turns).toEqual([]);
    advance(1);
    expect(turns).toEqual(['b']);
    expect(gate.request('b').kind).toBe('granted');
  });
});

describe('a queue', () => {
  test('is first come, first served, and asking again keeps the place', () => {
    const { gate, turns, advance } = createGate();
    const first = granted(gate, 'a');

    expect(gate.request('b')).toEqual({ kind: 'queued', ahead: 0 });
    expect(gate.request('c')).toEqual({ kind: 'queued', ahead: 1 });
    expect(gate.request('b')).toEqual({ kind: 'queued', ahead: 0 });
    expect(gate.request('c')).toEqual({ kind: 'queued', ahead: 1 });
    first.finish(100, true);
    advance(1_000);
    granted(gate, 'b').finish(100, true);
    advance(1_000);

    expect(turns).toEqual(['b', 'c']);
  });

  test('gives each namespace its turn, and tells each key how many come first', () => {
    const { gate, turns, advance } = createGate();
    granted(gate, 'big/0').finish(100, true);
    for (const key of ['big/1', 'big/2', 'big/3']) {
      gate.request(key);
    }

    expect(gate.request('small/1')).toEqual({ kind: 'queued', ahead: 1 });
    expect(gate.request('big/3')).toEqual({ kind: 'queued', ahead: 3 });
    for (const key of ['big/1', 'small/1', 'big/2', 'big/3']) {
      advance(1_000);
      granted(gate, key).finish(100, true);
    }
    expect(turns).toEqual(['big/1', 'small/1', 'big/2', 'big/3']);
  });

  test('does not move while a deploy is under way', () => {
    const { gate, turns, advance } = createGate();
    const first = granted(gate, 'a');
    gate.request('b');

    advance(600_000);
    expect(turns).toEqual([]);

    first.finish(600_000, true);
    advance(600_000);
    expect(turns).toContain('b');
  });

  test('lets nobody overtake whose turn was announced', () => {
    const { gate, turns, advance } = createGate();
    granted(gate, 'a').finish(100, true);
    gate.request('b');
    advance(1_000);
    expect(turns).toEqual(['b']);

    expect(gate.request('c').kind).toBe('queued');
    expect(gate.request('b').kind).toBe('granted');
  });

  test('passes over a turn that is not claimed', () => {
    const { gate, turns, advance } = createGate({ claimWithinMilliseconds: 30_000 });
    granted(gate, 'a').finish(100, true);
    gate.request('b');
    gate.request('c');

    advance(1_000 + 29_999);
    expect(turns).toEqual(['b']);
    advance(1);

    expect(turns).toEqual(['b', 'c']);
    expect(gate.request('b')).toMatchObject({ kind: 'queued' });
    expect(gate.request('c').kind).toBe('granted');
  });

  test('forgets who cancels, also an announced turn', () => {
    const { gate, turns, advance } = createGate();
    granted(gate, 'a').finish(100, true);
    gate.request('b');
    gate.request('c');
    gate.request('d');
    gate.cancel('c');
    advance(1_000);
    gate.cancel('b');
    advance(0);

    expect(turns).toEqual(['b', 'd']);
    expect(gate.snapshot().queued).toBe(0);
  });

  test('serves several at once where that is allowed, still in order and spaced', () => {
    const { gate, turns, advance, now } = createGate({ concurrentDeploys: 2 });
    granted(gate, 'a');
    gate.request('b');
    gate.request('c');

    advance(1_000);
    expect([turns, now()]).toEqual([['b'], 1_000]);
    const second = granted(gate, 'b');
    advance(10_000);
    expect(turns).toEqual(['b']);
    second.finish(100, true);
    advance(0);
    expect(turns).toEqual(['b', 'c']);
  });
});

describe('the pause', () => {
  /** Runs deploys of these latencies one after another; gives the pause after each. */
  function pauses(latencies: readonly (number | 'failed' | 'refused')[]): number[] {
    const { gate, advance } = createGate();
    return latencies.map((latency, index) => {
      const key = String(index);
      const turn = gate.request(key);
      if (turn.kind === 'queued') {
        advance(120_000);
      }
      const permit = turn.kind === 'granted' ? turn.permit : granted(gate, key);
      permit.finish(typeof latency === 'number' ? latency : undefined, latency !== 'failed');
      return gate.snapshot().pauseMilliseconds;
    });
  }

  test('stays away while deploys are as quick as ever', () => {
    expect(pauses([2_000, 180, 200, 240, 350])).toEqual([0, 0, 0, 0, 0]);
  });

  test('doubles while deploys are slow, up to a minute', () => {
    expect(pauses([100, 900, 900, 900])).toEqual([0, 1_000, 2_000, 4_000]);
    expect(pauses([100, ...Array.from({ length: 10 }, () => 5_000)]).at(-1)).toBe(60_000);
  });

  test('shrinks quickly at first and then step by step until it is gone', () => {
    const history = pauses([
      100,
      ...Array.from({ length: 10 }, () => 5_000),
      ...Array.from({ length: 20 }, () => 100),
    ]);

    const shrinking = history.slice(10).map(Math.round);
    expect(shrinking.slice(0, 4)).toEqual([60_000, 8_571, 4_615, 3_158]);
    expect(shrinking.at(-1)).toBe(0);
  });

  test('follows trouble as it follows slowness', () => {
    expect(pauses([100, 'failed', 'failed'])).toEqual([0, 1_000, 2_000]);
  });

  test('learns nothing from a document that was refused, which takes Airflow no time', () => {
    expect(pauses([2_000, 'refused', 2_000, 2_000])).toEqual([0, 0, 0, 0]);
    expect(pauses([100, 900, 'refused', 900])).toEqual([0, 1_000, 1_000, 2_000]);
  });

  test('accepts in time that an Airflow has become slower for good', () => {
    const history = pauses([100, ...Array.from({ length: 100 }, () => 500)]);

    expect(Math.max(...history)).toBeGreaterThan(0);
    expect(history.at(-1)).toBe(0);
  });

  test('is kept between the end of one deploy and the start of the next', () => {
    const { gate, turns, advance } = createGate();
    granted(gate, 'a').finish(10, false);
    gate.request('b');
    advance(999);
    expect(turns).toEqual([]);
    advance(1);
    granted(gate, 'b').finish(10, false);
    gate.request('c');
    advance(1_999);
    expect(turns).toEqual(['b']);
    advance(1);
    expect(turns).toEqual(['b', 'c']);
  });
});

describe('the interval', () => {
  test('comes near to the time that deploys take one after another', () => {
    const { gate, advance } = createGate();
    granted(gate, 'first').finish(4_000, true);
    const keys = Array.from({ length: 30 }, (_, index) => String(index));
    keys.forEach((key) => gate.request(key));
    for (const key of keys) {
      advance(1_000);
      const permit = granted(gate, key);
      advance(4_000);
      permit.finish(4_000, true);
    }

    const { intervalMilliseconds } = gate.snapshot();
    expect(intervalMilliseconds).toBeGreaterThan(4_900);
    expect(intervalMilliseconds).toBeLessThan(5_100);
  });

  test('does not count the time in which nothing waited', () => {
    const { gate, advance } = createGate();
    granted(gate, 'a').finish(100, true);
    advance(3_600_000);
    granted(gate, 'b').finish(100, true);

    expect(gate.snapshot().intervalMilliseconds).toBe(1_000);
  });
});

test('a permit that is finished twice counts once', () => {
  const { gate } = createGate();
  const permit = granted(gate, 'a');

  permit.finish(100, true);
  permit.finish(100, true);

  expect(gate.snapshot().running).toBe(0);
});

test('no hour has more starts than allowed', () => {
  const { gate, turns, advance } = createGate({ deploysPerMinute: 30 });
  for (let index = 0; index < 3_000; index += 1) {
    const turn = gate.request(String(index));
    if (turn.kind === 'granted') {
      turn.permit.finish(20, true);
    }
  }
  let started = 1;
  for (let second = 0; second < 3_600; second += 1) {
    advance(1_000);
    const key = turns.at(started - 1);
    if (key !== undefined) {
      granted(gate, key).finish(20, true);
      started += 1;
    }
  }

  expect(started).toBeGreaterThan(1_700);
  expect(started).toBeLessThanOrEqual(1_801);
});
