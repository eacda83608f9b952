import { isDeepStrictEqual } from 'node:util';
import type { FormerClient } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { DocumentKey } from '../shared/documentPlace.ts';
import { keyOf, keyOfReference } from '../shared/references.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

/** Whether what was deployed before is in another Airflow than that of the client that is declared now. */
export function isInAnotherAirflow(
  deps: Pick<PipelineDependencies, 'clients'>,
  { before }: Pass,
  client: PipelineServiceClient,
): boolean {
  const { clientRef, deployed } = before;
  return clientRef !== undefined && deployed !== undefined && !isSameAirflow(deps, clientRef, client);
}

/** Whether a reference leads to the Airflow of this client, be it by another way. */
export function isSameAirflow(
  { clients }: Pick<PipelineDependencies, 'clients'>,
  reference: Pick<FormerClient, 'namespace' | 'name'>,
  client: PipelineServiceClient,
): boolean {
  const key = keyOfReference(reference);
  return key === keyOf(client) || clients.get(key)?.spec.apiEndpoint === client.spec.apiEndpoint;
}

/** Keeps in mind that the DAG is still in the Airflow that the pipeline leaves: it is removed once the new one runs. */
export function noteFormerClient(
  { before, noted, note }: Pass,
  former: DocumentKey | undefined,
  document: DocumentKey,
): void {
  const { clientRef } = before;
  if (clientRef === undefined) {
    return;
  }
  const { name, namespace } = clientRef;
  const others = (noted().formerClients ?? []).filter(
    (known) => known.name !== name || known.namespace !== namespace,
  );
  const place =
    former === undefined || isDeepStrictEqual(former, document)
      ? {}
      : { configMap: former.name, key: former.key };
  note({ deployed: undefined, formerClients: [...others, { name, namespace, ...place }] });
}
