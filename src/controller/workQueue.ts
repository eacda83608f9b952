import type { Clock } from '../domain/clock.ts';
import { backoff } from './backoff.ts';
import { createDelays } from './delays.ts';
import type { Priority } from './priority.ts';
import { createReadyKeys, type ReadyKey } from './readyKeys.ts';

/** The longest that a timer can be set for; longer waits take several. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** For a metrics library; durations are milliseconds. */
export interface WorkQueueHooks {
  added?(priority: Priority): void;
  /** A worker took a key that had been ready for so long. */
  taken?(waited: number): void;
  done?(worked: number): void;
  retried?(): void;
}

export interface WorkQueueStatus {
  /** Keys that a worker could take now. */
  readonly depth: number;
  readonly delayed: number;
  readonly running: number;
  /** Milliseconds that the keys running now have been running, all together. */
  readonly unfinished: number;
  /** The same of the one that has been running longest. */
  readonly longestRunning: number;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly hooks?: WorkQueueHooks;
}

/**
 * Keys to be worked on, each once however often it is added, and by one worker at a time. A key added while it runs
 * runs once more. Where no priority is given a running key keeps its own, any other is `normal`.
 */
export interface WorkQueue {
  /** Ready now; replaces a delayed add. */
  add(key: string, priority?: Priority): void;
  /** Ready in so many milliseconds, unless it already is to be earlier. */
  addAfter(key: string, milliseconds: number, priority?: Priority): void;
  /**
   * Counts a failure and adds the key after the back-off, though not before `notBefore` milliseconds nor, where these
   * allow it, after `notAfter`. Returns the milliseconds until then.
   */
  fail(key: string, limits?: { readonly notBefore?: number; readonly notAfter?: number }): number;
  /** Forgets the failures of a key, as after success. */
  forget(key: string): void;
  failures(key: string): number;
  /** Takes the next key; undefined when the queue is stopped or the signal aborted. Call {@link done} afterwards. */
  next(signal: AbortSignal): Promise<string | undefined>;
  done(key: string): void;
  status(): WorkQueueStatus;
  /** Gives out no more keys and drops those waiting; resolves when those running are done. */
  stop(): Promise<void>;
}

interface Running {
  readonly priority: Priority;
  readonly since: number;
  again: Priority | undefined;
}

export function createWorkQueue({ clock, random, hooks }: WorkQueueOptions): WorkQueue {
  const ready = createReadyKeys();
  const delays = createDelays();
  const running = new Map<string, Running>();
  const failureCounts = new Map<string, number>();
  const idleWorkers = new Set<(ready: ReadyKey | undefined) => void>();
  const drained = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  let timerDueAt = Infinity;
  let stopped = false;

  function add(key: string, priority?: Priority): void {
    if (stopped) {
      return;
    }
    delays.delete(key);
    const current = running.get(key);
    if (current) {
      current.again = higher(current.again, priority ?? current.priority);
    } else {
      makeReady(key, priority ?? 'normal');
    }
  }

  function makeReady(key: string, priority: Priority): void {
    if (ready.add({ key, priority, since: clock() })) {
      hooks?.added?.(priority);
    }
    const [worker] = idleWorkers;
    if (worker) {
      idleWorkers.delete(worker);
      worker(take());
    }
  }

  function take(): ReadyKey | undefined {
    const taken = ready.take();
    if (taken) {
      const now = clock();
      running.set(taken.key, { priority: taken.priority, since: now, again: undefined });
      hooks?.taken?.(now - taken.since);
    }
    return taken;
  }

  function addAfter(key: string, milliseconds: number, priority?: Priority): void {
    if (milliseconds <= 0) {
      add(key, priority);
    } else if (!stopped && !ready.has(key)) {
      const dueAt = clock() + milliseconds;
      delays.add({ key, priority: priority ?? running.get(key)?.priority ?? 'normal', dueAt });
      if (dueAt < timerDueAt) {
        setTimer();
      }
    }
  }

  function setTimer(): void {
    clearTimeout(timer);
    timerDueAt = delays.soonest() ?? Infinity;
    if (timerDueAt < Infinity) {
      timer = setTimeout(addDue, Math.min(LONGEST_TIMER, Math.max(0, timerDueAt - clock())));
    }
  }

  function addDue(): void {
    const now = clock();
    for (let due = delays.takeDue(now); due !== undefined; due = delays.takeDue(now)) {
      add(due.key, due.priority);
    }
    setTimer();
  }

  return {
    add,
    addAfter,

    fail(key, { notBefore = 0, notAfter = Infinity } = {}) {
      const failures = (failureCounts.get(key) ?? 0) + 1;
      failureCounts.set(key, failures);
      const delay = Math.max(Math.min(backoff(failures, random), notAfter), notBefore);
      hooks?.retried?.();
      addAfter(key, delay);
      return delay;
    },

    forget(key) {
      failureCounts.delete(key);
    },

    failures: (key) => failureCounts.get(key) ?? 0,

    async next(signal) {
      if (stopped || signal.aborted) {
        return undefined;
      }
      const taken = take() ?? (await idle(idleWorkers, signal));
      return taken?.key;
    },

    done(key) {
      const finished = running.get(key);
      if (!finished) {
        return;
      }
      running.delete(key);
      hooks?.done?.(clock() - finished.since);
      if (finished.again && !stopped) {
        delays.delete(key);
        makeReady(key, finished.again);
      }
      if (stopped && running.size === 0) {
        drained.resolve();
      }
    },

    status() {
      const now = clock();
      const times = [...running.values()].map(({ since }) => now - since);
      return {
        depth: ready.size,
        delayed: delays.size,
        running: times.length,
        unfinished: times.reduce((sum, time) => sum + time, 0),
        longestRunning: Math.max(0, ...times),
      };
    },

    stop() {
      stopped = true;
      clearTimeout(timer);
      delays.clear();
      ready.clear();
      idleWorkers.forEach((worker) => worker(undefined));
      idleWorkers.clear();
      if (running.size === 0) {
        drained.resolve();
      }
      return drained.promise;
    },
  };
}

/** Waits among the idle workers until one of them is handed something, or the signal is aborted. */
async function idle(
  idleWorkers: Set<(ready: ReadyKey | undefined) => void>,
  signal: AbortSignal,
): Promise<ReadyKey | undefined> {
  const handedOver = Promise.withResolvers<ReadyKey | undefined>();
  function abort(): void {
    idleWorkers.delete(handedOver.resolve);
    handedOver.resolve(undefined);
  }
  idleWorkers.add(handedOver.resolve);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await handedOver.promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function higher(a: Priority | undefined, b: Priority): Priority {
  return a === 'normal' ? 'normal' : b;
}
