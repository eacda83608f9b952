import type { Clock } from '../domain/clock.ts';
import type { DagView } from '../domain/dagView.ts';
import type { Logger } from '../domain/logger.ts';
import type { Airflow } from './airflow.ts';
import { createAlarm } from './polling/alarm.ts';
import { loop } from './polling/loop.ts';
import { createPace } from './polling/pace.ts';
import { pollDags } from './polling/pollDags.ts';
import { createLookLog, meansNoCoreApi, type PollerState } from './polling/pollerState.ts';
import { pollRuns } from './polling/pollRuns.ts';
import { createStatusPolling } from './polling/pollStatus.ts';
import { refreshDag } from './polling/refreshDag.ts';
import { createRunHistory } from './polling/runHistory.ts';
import { createRunMarks } from './polling/runMarks.ts';
import { createSnapshot } from './polling/snapshot.ts';
import { isActive } from './runOrder.ts';

const sweepInterval = 2 * 60 * 60_000;
/** How long a refused core API is left alone, in idle intervals. */
const refusedIntervals = 10;

export interface PollerOptions {
  readonly airflow: Airflow;
  readonly clock: Clock;
  /** Uniform in [0, 1), as Math.random. */
  readonly random: () => number;
  readonly log: Logger;
  /** Milliseconds between looks while a run of ours is active or expected; default 5,000. */
  readonly activeInterval?: number;
  /** Milliseconds between looks otherwise; default 30,000. */
  readonly idleInterval?: number;
  /** Called with the DAGs whose view differs from the one before; never with an empty set. Must not throw. */
  readonly onChange: (dagIds: ReadonlySet<string>) => void;
  /** Airflow answers again after it did not. Must not throw. */
  readonly onRecovered: () => void;
  /** The DAGs of our resources, asked again before each look. */
  readonly interestingDagIds: () => Iterable<string>;
}

/** Reads what one Airflow knows of all its OpenMetadata DAGs, and tells which of them changed. */
export interface Poller {
  /** Polls until the signal aborts; resolves then. Failures are kept in {@link state}, never thrown. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * What is known of a DAG; undefined until the first look that would have seen it. Only DAGs with the tag `OpenMetadata`
   * and interesting ones are seen: use {@link refresh} before relying on absence.
   */
  view(dagId: string): DagView | undefined;
  /** Reads one DAG and its newest runs now, and remembers them. Throws AirflowError. Does not call `onChange`. */
  refresh(dagId: string, signal: AbortSignal): Promise<DagView>;
  state(): PollerState;
  /** When the last failure was over, in milliseconds since 1970; undefined where there was none. */
  recoveredAt(): number | undefined;
  /** Look again soon: for changes of many DAGs at once, where {@link refresh} of each would cost more. */
  poke(): void;
  /** DAGs are to appear, change or go until this moment (milliseconds since 1970): list them often until then. */
  expectDagsUntil(time: number): void;
  /** A call of ours has paused or unpaused a DAG that is known: spares reading it again. Gives its view; no `onChange`. */
  notePaused(dagId: string, isPaused: boolean): DagView | undefined;
  /** A run is due at this moment (milliseconds since 1970): be in the active phase then. */
  expectRunSoon(time: number): void;
}

/** Opens no connection before `run` or `refresh` is called. For how often it asks, see polling/pace.ts. */
export function createPoller(options: PollerOptions): Poller {
  const { airflow, clock, random, log, onChange, activeInterval = 5_000, idleInterval = 30_000 } = options;
  const snapshot = createSnapshot();
  const marks = createRunMarks(clock());
  const history = createRunHistory(airflow, snapshot, marks);
  const statusPolling = createStatusPolling(airflow, snapshot);
  const pace = createPace({ activeInterval, idleInterval, random });
  const looks = createLookLog();
  const listAlarm = createAlarm(clock);
  const runsAlarm = createAlarm(clock);
  let lastList = -Infinity;
  let lastListed = 0;
  let expectedUntil = -Infinity;
  let lastLook = -Infinity;
  let nextSweep = clock() + sweepInterval * (1 + random());
  let askRunsAgainAt = -Infinity;

  function report(changed: ReadonlySet<string>): void {
    if (changed.size > 0) {
      onChange(changed);
    }
  }

  function hasActiveRuns(): boolean {
    return snapshot.activeRuns().length > 0;
  }

  async function lookAtDags(at: number, signal: AbortSignal): Promise<number> {
    lastList = at;
    try {
      const { changed, listed } = await pollDags(airflow, snapshot, interesting(), signal);
      looks.coreApiAnswered('dags');
      history.forget([...changed].filter((dagId) => !snapshot.isRegistered(dagId)));
      runsAlarm.hurry(changed.size > 0 ? clock() : Infinity);
      report(changed);
      lastListed = listed;
      return clock() < expectedUntil
        ? Math.min(pace.listInterval(listed), pace.closeListInterval(listed))
        : pace.listInterval(listed);
    } catch (error) {
      if (!meansNoCoreApi(error)) {
        throw error;
      }
      looks.coreApiRefused('dags', error);
      return idleInterval * refusedIntervals;
    }
  }

  async function lookAtRuns(at: number, signal: AbortSignal): Promise<number> {
    lastLook = at;
    const withRegistration = looks.isCoreApiRefused('dags');
    if (withRegistration || (looks.isCoreApiRefused('runs') && at < askRunsAgainAt)) {
      report(await statusPolling.poll(interesting(), withRegistration, signal));
      return activeInterval;
    }
    try {
      return await lookAtRunsOfCoreApi(at, signal);
    } catch (error) {
      if (!meansNoCoreApi(error)) {
        throw error;
      }
      looks.coreApiRefused('runs', error);
      askRunsAgainAt = at + idleInterval * refusedIntervals;
      return 0;
    }
  }

  async function lookAtRunsOfCoreApi(at: number, signal: AbortSignal): Promise<number> {
    const ours = interesting();
    if (at >= nextSweep) {
      history.forget('all');
      nextSweep = at + sweepInterval * (0.9 + 0.2 * random());
    }
    if (ours.size === 0) {
      return idleInterval;
    }
    const look = pace.nextLook(at, hasActiveRuns());
    const changed = await pollRuns({ airflow, snapshot, marks, history }, look, ours, at, signal);
    looks.coreApiAnswered('runs');
    report(changed);
    const older = await history.read(ours, signal);
    report(older.changed);
    const wait = pace.untilNextLook(clock(), hasActiveRuns());
    return older.complete ? wait : Math.min(wait, activeInterval);
  }

  function interesting(): ReadonlySet<string> {
    return new Set(options.interestingDagIds());
  }

  async function refresh(dagId: string, signal: AbortSignal): Promise<DagView> {
    const view = await refreshDag({ airflow, snapshot, looks }, dagId, signal);
    if (view.registered) {
      history.known(dagId);
    }
    if (view.runs.some(isActive)) {
      runsAlarm.hurry(lastLook + activeInterval);
    }
    return view;
  }

  return {
    async run(signal) {
      const common = { clock, pace, looks, log, onRecovered: options.onRecovered };
      await Promise.all([
        loop({ ...common, subject: 'dags', alarm: listAlarm, look: lookAtDags }, signal),
        loop({ ...common, subject: 'runs', alarm: runsAlarm, look: lookAtRuns }, signal),
      ]);
    },
    view: (dagId) => snapshot.view(dagId),
    refresh,
    state: () => looks.state(),
    recoveredAt: () => looks.recoveredAt(),
    poke() {
      listAlarm.hurry(lastList + activeInterval);
      runsAlarm.hurry(lastLook + activeInterval);
    },
    expectDagsUntil(time) {
      expectedUntil = Math.max(expectedUntil, time);
      listAlarm.hurry(lastList + pace.closeListInterval(lastListed));
    },
    notePaused(dagId, isPaused) {
      const dag = snapshot.view(dagId)?.dag;
      if (dag !== undefined) {
        snapshot.putDag(snapshot.beginRead(), dagId, { ...dag, isPaused });
      }
      return snapshot.view(dagId);
    },
    expectRunSoon(time) {
      pace.expectRun(time);
      runsAlarm.hurry(time);
    },
  };
}
