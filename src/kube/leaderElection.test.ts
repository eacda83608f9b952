import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { KubeError } from './kubeError.ts';
import { elect } from './leaderElection.ts';
import type { LeaseClaim, LeaseRecord, LeaseStore } from './leaseRecord.ts';
import { linesLogger } from './testing/linesLogger.ts';

const TIMING = { leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

type Network = 'good' | 'slow' | 'refused' | 'hangs' | 'answer lost';

/** One lease in memory, seen by several candidates. */
interface SharedLease {
  holder(): string | undefined;
  transitions(): number | undefined;
  remove(): void;
  /** The view of one candidate. */
  store(network: () => Network): LeaseStore;
}

function createSharedLease(): SharedLease {
  let lease: LeaseRecord | undefined;
  let version = 0;

  function write({ holder, duration, transitions }: LeaseClaim): LeaseRecord {
    version += 1;
    const count = transitions ?? lease?.transitions ?? 0;
    lease = { resourceVersion: String(version), holder, duration, transitions: count };
    return lease;
  }

  function create(claim: LeaseClaim): LeaseRecord {
    if (lease) {
      throw new KubeError('alreadyExists', 'POST');
    }
    return write(claim);
  }

  function update(resourceVersion: string, claim: LeaseClaim): LeaseRecord {
    if (lease?.resourceVersion !== resourceVersion) {
      throw new KubeError(lease ? 'conflict' : 'notFound', 'PATCH');
    }
    return write(claim);
  }

  return {
    holder: () => lease?.holder,
    transitions: () => lease?.transitions,
    remove: () => {
      lease = undefined;
    },
    store: (network) => ({
      read: () => over(network, () => lease),
      create: (claim) => over(network, () => create(claim)),
      update: (resourceVersion, claim) => over(network, () => update(resourceVersion, claim)),
    }),
  };
}

async function over<T>(network: () => Network, work: () => T): Promise<T> {
  const state = network();
  if (state === 'refused') {
    throw new KubeError('unavailable', 'any');
  }
  if (state === 'hangs') {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    throw new KubeError('timeout', 'any');
  }
  const result = work();
  if (state === 'slow') {
    await new Promise((resolve) => setTimeout(resolve, 4_000));
  }
  if (state === 'answer lost') {
    throw new KubeError('timeout', 'any');
  }
  return result;
}

interface Candidate {
  network: Network;
  readonly stop: AbortController;
  /** What has happened to it, in order. */
  readonly story: string[];
  held(): boolean;
  finish(error?: Error): void;
}

function startCandidate(shared: SharedLease, identity: string, clock = (): number => Date.now()): Candidate {
  const work = Promise.withResolvers<void>();
  const candidate: Candidate = {
    network: 'good',
    stop: new AbortController(),
    story: [],
    held: () => false,
    finish: (error) => (error ? work.reject(error) : work.resolve()),
  };
  const options = {
    name: 'lease',
    identity,
    clock,
    random: () => 0.5,
    log: linesLogger(),
    signal: candidate.stop.signal,
    async onAcquired(leadSignal: AbortSignal, held: () => boolean) {
      candidate.story.push('leads');
      candidate.held = held;
      leadSignal.addEventListener('abort', () => candidate.story.push('told to stop'));
      await work.promise;
    },
  };
  elect(
    shared.store(() => candidate.network),
    options,
    TIMING,
  ).then(
    (result) => candidate.story.push(result),
    (error: Error) => candidate.story.push(`failed: ${error.message}`),
  );
  return candidate;
}

function pass(milliseconds: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(milliseconds);
}

test('the first one leads and the second one waits, as long as the lease is renewed', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(0);
  const second = startCandidate(shared, 'second');

  await pass(600_000);

  expect(first.story).toEqual(['leads']);
  expect(first.held()).toBe(true);
  expect(second.story).toEqual([]);
});

test('of many that start together exactly one leads', async () => {
  const shared = createSharedLease();
  const candidates = ['a', 'b', 'c', 'd', 'e'].map((identity) => startCandidate(shared, identity));

  await pass(60_000);

  expect(candidates.filter(({ story }) => story.length > 0)).toHaveLength(1);
});

test('a clean end: the lease is kept until the work is finished, then the next one leads within 3 s', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(0);
  const second = startCandidate(shared, 'second');

  first.stop.abort();
  await pass(30_000);
  expect(first.story).toEqual(['leads']);
  expect(second.story).toEqual([]);
  first.finish();
  await pass(3_000);

  expect(first.story).toEqual(['leads', 'stopped']);
  expect(second.story).toEqual(['leads']);
  expect(shared.transitions()).toBe(1);
});

test('a leader that dies is followed within 20 s', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  const second = startCandidate(shared, 'second');
  await pass(7_300);

  first.network = 'refused';
  await pass(20_000);

  expect(second.story).toEqual(['leads']);
});

test.each(['refused', 'hangs'] as const)(
  'a leader whose network is gone (%s) stops at the renew deadline, before anybody else leads',
  async (network) => {
    const shared = createSharedLease();
    const first = startCandidate(shared, 'first');
    const second = startCandidate(shared, 'second');
    await pass(20_000);

    first.network = network;
    await pass(10_000);
    expect(first.story).toEqual(['leads', 'told to stop']);
    expect(first.held()).toBe(false);
    expect(second.story).toEqual([]);
    await pass(9_000);

    expect(first.story).toEqual(['leads', 'told to stop', 'lost']);
    expect(second.story).toEqual(['leads']);
  },
);

test('a short outage costs nothing', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  const second = startCandidate(shared, 'second');
  await pass(20_000);

  first.network = 'refused';
  await pass(7_000);
  first.network = 'good';
  await pass(60_000);

  expect(first.story).toEqual(['leads']);
  expect(second.story).toEqual([]);
});

test('renewals whose answer is lost still count, once one gets through', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(20_000);

  first.network = 'answer lost';
  await pass(6_000);
  first.network = 'good';
  await pass(60_000);

  expect(first.story).toEqual(['leads']);
});

test('a leader that was suspended knows that it no longer holds the lease before any timer fires', async () => {
  const shared = createSharedLease();
  let suspended = 0;
  const first = startCandidate(shared, 'first', () => Date.now() + suspended);
  await pass(20_000);

  suspended = 30_000;

  expect(first.held()).toBe(false);
  await pass(2_000);
  expect(first.story).toEqual(['leads', 'told to stop']);
});

test('a leader that finds another holder stops at once', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(20_000);

  shared.remove();
  await shared.store(() => 'good').create({ holder: 'thief', duration: 15_000, renewedAt: 0 });
  await pass(2_000);

  expect(first.story).toEqual(['leads', 'told to stop']);
  expect(shared.holder()).toBe('thief');
});

test('a lease that somebody deleted is made again', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(20_000);

  shared.remove();
  await pass(2_000);

  expect(shared.holder()).toBe('first');
  expect(first.story).toEqual(['leads']);
});

test('a renewal counts from when it was sent, as others count from when it arrived', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(20_000);

  first.network = 'slow';
  await pass(2_000);
  first.network = 'refused';
  await pass(9_999);
  expect(first.held()).toBe(true);
  await pass(1);

  expect(first.story).toEqual(['leads', 'told to stop']);
});

test('a lease that was released can be taken at once', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(5_000);
  first.finish();
  await pass(0);

  const second = startCandidate(shared, 'second');
  await pass(0);

  expect(second.story).toEqual(['leads']);
});

test('a process that starts again under its old name need not wait', async () => {
  const shared = createSharedLease();
  await shared.store(() => 'good').create({ holder: 'pod', duration: 15_000, renewedAt: 0 });

  const again = startCandidate(shared, 'pod');
  await pass(0);

  expect(again.story).toEqual(['leads']);
});

test('work that fails releases the lease and its error comes out', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(5_000);

  first.finish(new Error('broken'));
  await pass(0);

  expect(first.story).toEqual(['leads', 'failed: broken']);
  expect(shared.holder()).toBe('');
});

test('a candidate that is stopped while it waits never leads', async () => {
  const shared = createSharedLease();
  startCandidate(shared, 'first');
  await pass(0);
  const second = startCandidate(shared, 'second');
  await pass(5_000);

  second.stop.abort();
  await pass(0);

  expect(second.story).toEqual(['stopped']);
});

test('a lease that cannot be released runs out', async () => {
  const shared = createSharedLease();
  const first = startCandidate(shared, 'first');
  await pass(4_000);

  first.network = 'refused';
  first.finish();
  await pass(0);

  expect(first.story).toEqual(['leads', 'stopped']);
  expect(shared.holder()).toBe('first');
});
