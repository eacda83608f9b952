/**
 * How often to look, for one Airflow.
 *
 * Runs: while one of ours is active or due, every 5 s: the active runs, and those ended since the last look (2 calls).
 * Else every 30 s: the runs *started* since the last look (1 call), which shows also what began and ended in between; and
 * each fourth time the two calls of the active phase, which show what no start date tells (queued for ever, ended by hand).
 * DAGs: the whole list, 1 call per 100, as often as there are pages: every 30 s times their number, at most every 10 min.
 *
 * While DAGs are expected out of a mount: the whole list every 5 s, for each 1,000 of them.
 *
 * Idle, 1,000 pipelines, in calls per 120 s: runs 3 × 1 + 2 = 5; DAGs 10 per 300 s = 4; the sweep of all runs 30 per 2 h = 0.5.
 * 9.5 per 120 s is 1 per 12.6 s, or 1 per 11.5 s with the jitter. With 100 pipelines it is the same: the list is then 1 call
 * per 30 s. With 10,000 it is the list that grows: 100 calls per 10 min.
 */
const fullLookEvery = 4;
const mostListIntervals = 20;
/** 10 calls each active interval at most while DAGs are expected, whatever their number. */
const dagsPerCloseList = 1_000;
/** How long after its time a due run is looked for closely. */
const dueWindow = 30_000;
/** Small differences add up to even load on many Airflows; never later than the interval itself. */
const jitter = 0.2;

export interface PaceOptions {
  readonly activeInterval: number;
  readonly idleInterval: number;
  readonly random: () => number;
}

/** Whether to ask for the runs that changed in any way, or only for those that started. */
export type RunLook = 'full' | 'started';

export interface Pace {
  expectRun(time: number): void;
  /** Which look at the runs comes next. */
  nextLook(now: number, hasActiveRuns: boolean): RunLook;
  /** Milliseconds from now until the next look at the runs. */
  untilNextLook(now: number, hasActiveRuns: boolean): number;
  /** Milliseconds between two lists of this many DAGs. */
  listInterval(dags: number): number;
  /** The same while some of them are expected to change. */
  closeListInterval(dags: number): number;
  /** Milliseconds after so many failures in a row. */
  afterFailures(failures: number): number;
}

export function createPace({ activeInterval, idleInterval, random }: PaceOptions): Pace {
  /** In whole seconds, so that thousands of equal schedules are one entry. */
  const due = new Set<number>();
  let idleLooks = 0;

  function isRunDue(now: number): boolean {
    for (const time of due) {
      if (time + dueWindow < now) {
        due.delete(time);
      }
    }
    return [...due].some((time) => time <= now);
  }

  function untilDue(now: number): number {
    let soonest = Infinity;
    for (const time of due) {
      soonest = Math.min(soonest, time - now);
    }
    return soonest;
  }

  function nextLook(now: number, hasActiveRuns: boolean): RunLook {
    const active = hasActiveRuns || isRunDue(now);
    idleLooks = active ? 0 : idleLooks + 1;
    return active || idleLooks % fullLookEvery === 0 ? 'full' : 'started';
  }

  function earlier(milliseconds: number): number {
    return milliseconds * (1 - jitter * random());
  }

  return {
    expectRun(time) {
      due.add(Math.ceil(time / 1000) * 1000);
    },
    nextLook,
    untilNextLook(now, hasActiveRuns) {
      return hasActiveRuns || isRunDue(now)
        ? activeInterval
        : Math.max(0, Math.min(earlier(idleInterval), untilDue(now)));
    },
    listInterval(dags) {
      const pages = Math.ceil(dags / 100);
      return earlier(idleInterval * Math.min(Math.max(pages, 1), mostListIntervals));
    },
    closeListInterval: (dags) => activeInterval * Math.max(1, Math.ceil(dags / dagsPerCloseList)),
    afterFailures(failures) {
      return Math.min(idleInterval, earlier(activeInterval * 2 ** Math.min(failures, 10)));
    },
  };
}
