import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { keyOf } from '../shared/references.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

/** Whether what was deployed before is in another Airflow than that of the client that is declared now. */
export function isInAnotherAirflow(
  { clients }: Pick<PipelineDependencies, 'clients'>,
  { before }: Pass,
  client: PipelineServiceClient,
): boolean {
  const formerKey = keyOfClientRef(before);
  return (
    formerKey !== undefined &&
    formerKey !== keyOf(client) &&
    clients.get(formerKey)?.spec.apiEndpoint !== client.spec.apiEndpoint
  );
}

/** Nothing takes a DAG down in an Airflow that the pipeline has left: people have to know of it. */
export function announceLeft({ before, dagId, announce }: Pass): void {
  announce(
    'Warning',
    'Orphaned',
    `DAG ${dagId} was left in the Airflow of PipelineServiceClient ${keyOfClientRef(before)}, where it goes on: pause or delete it there.`,
  );
}

function keyOfClientRef({ clientRef }: Pass['before']): string | undefined {
  return clientRef && `${clientRef.namespace}/${clientRef.name}`;
}
