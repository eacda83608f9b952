import type { DagRun } from '../../domain/dagRun.ts';
import type { Airflow, DagRunQuery } from '../airflow.ts';
import type { RunLook } from './pace.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunMarks } from './runMarks.ts';
import type { Snapshot } from './snapshot.ts';

/** Up to here the DAGs are named in the query; beyond, all runs of the Airflow are cheaper to ask for than many batches. */
const mostNamedDags = 100;

export interface RunPolling {
  readonly airflow: Airflow;
  readonly snapshot: Snapshot;
  readonly marks: RunMarks;
  readonly history: RunHistory;
}

/** Reads the runs that changed since the last look; gives the DAGs whose view changed. */
export async function pollRuns(
  polling: RunPolling,
  look: RunLook,
  interesting: ReadonlySet<string>,
  at: number,
  signal: AbortSignal,
): Promise<Set<string>> {
  const { snapshot, marks, history } = polling;
  const dagIds = interesting.size <= mostNamedDags ? { dagIds: [...interesting] } : {};
  const readId = snapshot.beginRead();
  const activeBefore = snapshot.activeRuns();
  const runs = await listChanged(polling, look, dagIds, signal);
  marks.note(runs);
  marks.looked(look, at);
  if (look === 'full') {
    history.forget(lost(activeBefore, runs));
  }
  // A DAG that is not known yet gets all its runs from its history, once it is.
  const ours = Map.groupBy(
    runs.filter(({ dagId }) => interesting.has(dagId) && snapshot.isRegistered(dagId)),
    ({ dagId }) => dagId,
  );
  const changed = [...ours].filter(([dagId, changes]) => snapshot.mergeRuns(readId, dagId, changes));
  return new Set(changed.map(([dagId]) => dagId));
}

async function listChanged(
  { airflow, marks }: RunPolling,
  look: RunLook,
  dagIds: Pick<DagRunQuery, 'dagIds'>,
  signal: AbortSignal,
): Promise<DagRun[]> {
  if (look === 'started') {
    return await airflow.listRuns({ ...dagIds, startedSince: marks.startedSince() }, signal);
  }
  // The active ones first: a run that ends between the two calls is then in both, and the later answer counts.
  const active = await airflow.listRuns({ ...dagIds, states: ['queued', 'running'] }, signal);
  const ended = await airflow.listRuns({ ...dagIds, endedSince: marks.endedSince() }, signal);
  return [...active, ...ended];
}

/** The DAGs of runs that were active and of which neither answer speaks: deleted by hand, or missed. */
function lost(activeBefore: readonly DagRun[], runs: readonly DagRun[]): Set<string> {
  const seen = new Set(runs.map(key));
  return new Set(activeBefore.filter((run) => !seen.has(key(run))).map(({ dagId }) => dagId));
}

function key(run: DagRun): string {
  return `${run.dagId}\n${run.runId}`;
}
