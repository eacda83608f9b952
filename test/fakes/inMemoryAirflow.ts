import type { Airflow, DagRunQuery, ImportError } from '../../src/airflow/airflow.ts';
import { AirflowError } from '../../src/airflow/airflowError.ts';
import type { Dag } from '../../src/domain/dag.ts';
import type { DagRun } from '../../src/domain/dagRun.ts';

/** The reading half of the door to Airflow, without HTTP, for tests in simulated time. */
export interface InMemoryAirflow {
  readonly airflow: Airflow;
  readonly dags: Map<string, Dag>;
  readonly runs: DagRun[];
  readonly importErrors: ImportError[];
  /** HTTP calls that the real door would have made for these reads: one per page or batch. */
  readonly calls: string[];
  /** While set, reads of the core API, or all reads, fail with it. */
  failure: { of: 'core' | 'all'; error: AirflowError } | undefined;
  /** Called at the beginning of each list of DAGs, to let something happen meanwhile. */
  duringList: (() => Promise<void>) | undefined;
  addDag(dagId: string, changes?: Partial<Dag>): Dag;
  addRun(dagId: string, runId: string, changes?: Partial<DagRun>): DagRun;
  changeRun(runId: string, changes: Partial<DagRun>): void;
}

export function createInMemoryAirflow(): InMemoryAirflow {
  const dags = new Map<string, Dag>();
  const runs: DagRun[] = [];
  const importErrors: ImportError[] = [];
  const calls: string[] = [];

  function count(name: string, pages: number): void {
    calls.push(...Array.from({ length: Math.max(1, pages) }, () => name));
  }

  function check(api: 'core' | 'plugin'): void {
    if (state.failure && (state.failure.of === 'all' || api === 'core')) {
      throw state.failure.error;
    }
  }

  async function listDags(): Promise<Dag[]> {
    count('dags', Math.ceil(dags.size / 100));
    check('core');
    const listed = [...dags.values()];
    await state.duringList?.();
    return listed;
  }

  async function listRuns(query: DagRunQuery): Promise<DagRun[]> {
    const batches: (readonly string[] | undefined)[] = query.dagIds ? inBatches(query.dagIds) : [undefined];
    const found: DagRun[] = [];
    for (const batch of batches) {
      const matching = runs.filter((run) => (!batch || batch.includes(run.dagId)) && matches(run, query));
      const wanted = query.newest === undefined ? matching : matching.slice(-query.newest);
      count('runs', Math.ceil(wanted.length / 100));
      check('core');
      found.push(...wanted);
    }
    return found;
  }

  const state: InMemoryAirflow = {
    dags,
    runs,
    importErrors,
    calls,
    failure: undefined,
    duringList: undefined,
    airflow: {
      probe: unused,
      listDags,
      async getDag(dagId) {
        count('dag', 1);
        check('core');
        return dags.get(dagId);
      },
      listRuns,
      async listImportErrors() {
        count('importErrors', 1);
        check('core');
        return importErrors;
      },
      async recentRuns(dagId) {
        count('status', 1);
        check('plugin');
        const own = runs.filter((run) => run.dagId === dagId);
        return dags.has(dagId) ? own.toReversed().slice(0, 10) : undefined;
      },
      deploy: unused,
      enable: unused,
      disable: unused,
      trigger: unused,
      kill: unused,
      remove: unused,
      removeFiles: unused,
      forget: unused,
      reparse: unused,
      lastLog: unused,
      close: () => undefined,
    },
    addDag(dagId, changes = {}) {
      const dag: Dag = {
        dagId,
        description: '',
        isPaused: false,
        isActive: true,
        hasImportErrors: false,
        fileLocation: `/opt/airflow/dags/${dagId}.py`,
        ...changes,
      };
      dags.set(dagId, dag);
      return dag;
    },
    addRun(dagId, runId, changes = {}) {
      const run: DagRun = {
        dagId,
        runId,
        state: 'running',
        trigger: 'scheduled',
        startTime: now(),
        ...changes,
      };
      runs.push(run);
      return run;
    },
    changeRun(runId, changes) {
      const index = runs.findIndex((run) => run.runId === runId);
      const run = runs[index];
      if (run) {
        runs[index] = { ...run, ...changes };
      }
    },
  };
  return state;
}

function now(): string {
  return new Date().toISOString();
}

function inBatches(dagIds: readonly string[]): string[][] {
  const count = Math.ceil(dagIds.length / 100);
  return Array.from({ length: count }, (_, index) => dagIds.slice(index * 100, (index + 1) * 100));
}

function matches(run: DagRun, query: DagRunQuery): boolean {
  return (
    (!query.states || query.states.includes(run.state)) &&
    (query.startedSince === undefined || (run.startTime ?? '') >= query.startedSince) &&
    (query.endedSince === undefined || (run.endTime ?? '') >= query.endedSince)
  );
}

async function unused(): Promise<never> {
  throw new AirflowError('unexpectedAnswer', 'this fake only reads');
}
