import { stillDeleting } from './stillDeleting.ts';
import type { ConnectedTakeDown } from './takeDownTask.ts';

/** The poller calls when the DAG is gone. */
const RECHECK = 20_000;

/** Takes the document away of which a loader makes the DAG, and halts until Airflow has noticed. */
export async function withdraw({
  pass,
  connection,
  dropDocuments,
  askReparse,
}: ConnectedTakeDown): Promise<never> {
  const { poller } = connection;
  await dropDocuments();
  const dag = poller.view(pass.dagId)?.dag;
  if (dag !== undefined) {
    await askReparse(connection, dag);
  }
  poller.expectDagsUntil(pass.now + 2 * RECHECK);
  throw stillDeleting(
    'The document is removed; Airflow drops the DAG when its mount has followed, which takes some minutes.',
    RECHECK,
  );
}
