import { AirflowError } from '../../airflow/airflowError.ts';
import type { Dag } from '../../domain/dag.ts';
import { shardOfLoader } from '../../domain/loaderFile.ts';
import type { Connection } from '../shared/connection.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

/** Milliseconds in which a loader's file is asked for once. */
export const REPARSE_EVERY = 10_000;

/**
 * Asks Airflow to read the documents of a shard again, unless somebody did just now. Spares some of the time between two
 * parses and no more, so nothing is lost where Airflow cannot be asked.
 */
export async function askReparse(
  { clock, index }: Pick<PipelineDependencies, 'clock' | 'index'>,
  { dagId, signal }: Pass,
  { airflow, poller, reparses }: Connection,
  place: { readonly clientKey: string; readonly shard: string },
): Promise<void> {
  const now = clock();
  if (!reparses.isDue(place.shard, '', now, REPARSE_EVERY)) {
    return;
  }
  const dag = findDagOfLoader([dagId, ...index.dagIdsOf(place.clientKey)], poller, place.shard);
  if (dag?.fileToken === undefined) {
    return;
  }
  reparses.note(place.shard, '', now);
  try {
    await airflow.reparse(dag.fileToken, signal);
  } catch (error) {
    if (!(error instanceof AirflowError)) {
      throw error;
    }
  }
}

/** A DAG that the loader of the shard has made, if Airflow is known to have one. */
export function findDagOfLoader(
  dagIds: Iterable<string>,
  poller: Connection['poller'],
  shard: string,
): Dag | undefined {
  for (const dagId of dagIds) {
    const dag = poller.view(dagId)?.dag;
    if (dag?.isActive === true && shardOfLoader(dag.fileLocation) === shard) {
      return dag;
    }
  }
  return undefined;
}
