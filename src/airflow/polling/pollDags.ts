import type { Dag } from '../../domain/dag.ts';
import type { Airflow } from '../airflow.ts';
import { importErrorText, readImportErrors, wantsImportErrors } from './importErrors.ts';
import type { Snapshot } from './snapshot.ts';

/** So many DAGs that a list suddenly lacks are asked for one by one; more, and the list is believed. */
const mostDoubts = 10;
const dagsPerTurn = 1_000;

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
  const wanted = [...dags.keys(), ...[...interesting].filter((dagId) => !dags.has(dagId))];
  for (let from = 0; from < wanted.length; from += dagsPerTurn) {
    for (const dagId of wanted.slice(from, from + dagsPerTurn)) {
      if (snapshot.putDag(readId, dagId, dags.get(dagId))) {
        changed.add(dagId);
      }
    }
    await othersTurn();
  }
  for (const dagId of [...snapshot.dagIds()].filter((id) => !dags.has(id) && !interesting.has(id))) {
    snapshot.forget(readId, dagId);
  }
  await pollImportErrors(airflow, snapshot, interesting, changed, signal);
  return { changed, listed: dags.size };
}

/** Thousands of DAGs must not hold up everything else. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
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
  const lost = [...interesting].filter((dagId) => !dags.has(dagId) && snapshot.isRegistered(dagId));
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
  const inWant = [...interesting].filter((dagId) => wantsImportErrors(snapshot.view(dagId)));
  const errors = inWant.length > 0 ? await readImportErrors(airflow, signal) : undefined;
  for (const dagId of errors ? inWant : []) {
    const fileLocation = snapshot.view(dagId)?.dag?.fileLocation;
    if (errors && snapshot.putImportError(dagId, importErrorText(errors, dagId, fileLocation))) {
      changed.add(dagId);
    }
  }
}
