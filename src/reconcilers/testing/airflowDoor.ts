import type { Airflow, AirflowInstallation } from '../../airflow/airflow.ts';
import { AirflowError, type AirflowErrorKind } from '../../airflow/airflowError.ts';
import type { Verb } from '../../airflow/verbs.ts';
import type { Clock } from '../../domain/clock.ts';
import { type AirflowRows, createAirflowRows, type DagRow, toDag } from './airflowRows.ts';

/** A simulated Airflow with the managed APIs, and its door. */
export interface AirflowDoor {
  readonly airflow: Airflow;
  readonly rows: AirflowRows;
  /** What a probe finds; to be changed at will. */
  installation: AirflowInstallation;
  /** The changes that were made through the door, in order, as `deploy team-a_orders`. */
  readonly history: string[];
  /** The tokens of the files that were asked to be read again, in order. */
  readonly reparses: readonly string[];
  canReparse: boolean;
  /** The newest run's log of a task, by `team-a_orders ingestion_task`. */
  readonly logs: Map<string, string>;
  /** How often anything was asked. */
  calls(): number;
  /** All calls of a verb fail from now on, before they do anything; undefined mends it. */
  fail(verb: Verb, error: Error | undefined): void;
  /** The next call of a verb fails, before or after it has done its work. */
  failOnce(verb: Verb, error: Error, moment?: 'before' | 'after'): void;
  /** Something else happens right after the next call of a verb has done its work. */
  afterNext(verb: Verb, happening: () => void): void;
  /** Nothing can be reached, or everything again. */
  setDown(error: AirflowError | undefined): void;
}

export function airflowError(kind: AirflowErrorKind): AirflowError {
  return new AirflowError(kind, `Airflow says ${kind}.`);
}

export function createAirflowDoor(clock: Clock): AirflowDoor {
  const rows = createAirflowRows(clock);
  const history: string[] = [];
  const reparses: string[] = [];
  const logs = new Map<string, string>();
  const faults = new Map<Verb, Error>();
  const before = new Map<Verb, () => void>();
  const after = new Map<Verb, () => void>();
  let down: AirflowError | undefined;
  let calls = 0;

  async function call<T>(verb: Verb, work: () => T): Promise<T> {
    calls += 1;
    const fault = down ?? faults.get(verb);
    if (fault !== undefined) {
      throw fault;
    }
    takeFrom(before, verb);
    const result = work();
    takeFrom(after, verb);
    return result;
  }

  function coreCall<T>(verb: Verb, work: () => T): Promise<T> {
    return call(verb, () => {
      if (state.installation.coreApi.kind === 'unavailable') {
        throw airflowError('coreApiUnavailable');
      }
      return work();
    });
  }

  function rowOf(dagId: string): DagRow {
    const row = rows.get(dagId);
    if (row === undefined) {
      throw airflowError('dagNotFound');
    }
    return row;
  }

  function trigger(dagId: string, runId: string): void {
    if (rowOf(dagId).runs.some((run) => run.runId === runId)) {
      throw airflowError('runExists');
    }
    rows.startRun(dagId, runId);
    history.push(`trigger ${dagId}`);
  }

  function kill(dagId: string): void {
    const active = rowOf(dagId).runs.filter(({ state: now }) => now === 'queued' || now === 'running');
    active.forEach(({ runId }) => rows.endRun(dagId, runId, 'failed'));
    history.push(`kill ${dagId}`);
  }

  function setPaused(dagId: string, isPaused: boolean): void {
    rowOf(dagId).isPaused = isPaused;
    history.push(`${isPaused ? 'disable' : 'enable'} ${dagId}`);
  }

  function reparse(fileToken: string): 'asked' | 'unsupported' {
    if (!state.canReparse) {
      return 'unsupported';
    }
    rows.reparse(fileToken.replace('token of ', ''));
    reparses.push(fileToken);
    return 'asked';
  }

  const airflow: Airflow = {
    probe: () => call('probe', () => state.installation),
    listDags: () => coreCall('listDags', () => [...rows.list()].map(([dagId, row]) => toDag(dagId, row))),
    getDag: (dagId) =>
      coreCall('getDag', () => {
        const row = rows.get(dagId);
        return row && toDag(dagId, row);
      }),
    listRuns: ({ dagIds = [] }) =>
      coreCall('listRuns', () => dagIds.flatMap((dagId) => (rows.get(dagId)?.runs ?? []).slice(0, 10))),
    listImportErrors: () =>
      coreCall('listImportErrors', () =>
        [...rows.importErrors].map(([dagId, stackTrace]) => ({
          fileLocation: `/dags/${dagId}.py`,
          stackTrace,
        })),
      ),
    recentRuns: (dagId) => call('recentRuns', () => rows.get(dagId)?.runs.slice(0, 10)),
    deploy: (document) =>
      call('deploy', () => {
        history.push(`deploy ${rows.write(document)}`);
      }),
    enable: (dagId) => call('enable', () => setPaused(dagId, false)),
    disable: (dagId) => call('disable', () => setPaused(dagId, true)),
    trigger: (dagId, runId) => call('trigger', () => trigger(dagId, runId)),
    kill: (dagId) => call('kill', () => kill(dagId)),
    remove: (dagId) =>
      call('remove', () => {
        rows.remove(dagId);
        history.push(`remove ${dagId}`);
      }),
    removeFiles: (dagId) =>
      call('removeFiles', () => {
        rows.removeFiles(dagId);
        history.push(`removeFiles ${dagId}`);
      }),
    forget: (dagId) =>
      coreCall('forget', () => {
        rows.forget(dagId);
        history.push(`forget ${dagId}`);
      }),
    reparse: (fileToken) => coreCall('reparse', () => reparse(fileToken)),
    lastLog: (dagId, taskId) => call('lastLog', () => logs.get(`${dagId} ${taskId}`) ?? ''),
    close() {},
  };

  const state: AirflowDoor = {
    airflow,
    rows,
    history,
    logs,
    reparses,
    canReparse: true,
    installation: {
      pluginBasePath: '/pluginsv2/api/v2/openmetadata',
      pluginVersion: '1.10.2.0',
      airflowVersion: '3.3.0',
      authentication: 'enforced',
      coreApi: { kind: 'available', basePath: '/api/v2' },
    },
    calls: () => calls,
    fail(verb, error) {
      faults.delete(verb);
      if (error !== undefined) {
        faults.set(verb, error);
      }
    },
    failOnce(verb, error, moment = 'before') {
      (moment === 'before' ? before : after).set(verb, () => {
        throw error;
      });
    },
    afterNext(verb, happening) {
      after.set(verb, happening);
    },
    setDown(error) {
      down = error;
    },
  };
  return state;
}

function takeFrom(happenings: Map<Verb, () => void>, verb: Verb): void {
  const happening = happenings.get(verb);
  happenings.delete(verb);
  happening?.();
}
