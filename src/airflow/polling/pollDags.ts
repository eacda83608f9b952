import type { Dag } from '../../domain/dag.ts';
import type { Airflow } from '../airflow.ts';
import { importErrorText, readImportErrors, wantsImportErrors } from './importErrors.ts';
import type { Snapshot } from './snapshot.ts';

/** So many DAGs that a list suddenly lacks are asked for one by one; more, and the list is believed. */
const mostDoubts = 10;

/** Reads the list of all DAGs, and import errors where one of ours is in want of them; gives the DAGs that changed. */
export async function pollDags(
  airflow: Airflow,
  snapshot: Snapshot,
  interesting: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<{ changed: Set<string>; listed: number }> {
  const readId = snapshot.beginRead();
  const dags = new Map((await airflow.listDags(signal)).map((dag) => [dag.dagId, dag]));
  await askAgain(airflow, snapshot, interesting, dags, signal);
  const changed = new Set<string>();
  for (const dagId of new Set([...dags.keys(), ...interesting, ...snapshot.dagIds()])) {
    if (snapshot.putDag(readId, dagId, dags.get(dagId))) {
      changed.add(dagId);
    }
    if (!dags.has(dagId) && !interesting.has(dagId)) {
      snapshot.forget(readId, dagId);
    }
  }
  await pollImportErrors(airflow, snapshot, interesting, changed, signal);
  return { changed, listed: dags.size };
}

/**
 * A DAG of ours that was there and is not in the list may be gone, may carry no tag `OpenMetadata`, or may have slipped from
 * one page to the one before while we read.
 */
async function askAgain(
  airflow: Airflow,
  snapshot: Snapshot,
  interesting: ReadonlySet<string>,
  dags: Map<string, Dag>,
  signal: AbortSignal,
): Promise<void> {
  const lost = [...interesting].filter((dagId) => !dags.has(dagId) && snapshot.view(dagId)?.registered);
  if (lost.length > mostDoubts) {
    return;
  }
  for (const dagId of lost) {
    const dag = await airflow.getDag(dagId, signal);
    if (dag) {
      dags.set(dagId, dag);
    }
  }
}

async function pollImportErrors(
  airflow: Airflow,
  snapshot: Snapshot,
  interesting: ReadonlySet<string>,
  changed: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const inWant = [...interesting].some((dagId) => wantsImportErrors(snapshot.view(dagId)));
  const errors = inWant ? await readImportErrors(airflow, signal) : undefined;
  for (const dagId of errors ? interesting : []) {
    const fileLocation = snapshot.view(dagId)?.dag?.fileLocation;
    if (errors && snapshot.putImportError(dagId, importErrorText(errors, dagId, fileLocation))) {
      changed.add(dagId);
    }
  }
}
