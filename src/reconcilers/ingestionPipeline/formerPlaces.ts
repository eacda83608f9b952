import { isDeepStrictEqual } from 'node:util';
import type { FormerClient } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { shardOfLoader } from '../../domain/loaderFile.ts';
import { shardOf } from '../../domain/naming.ts';
import type { DagView } from '../../domain/dagView.ts';
import { shardsOf } from '../shared/clientShards.ts';
import type { DocumentKey } from '../shared/documentPlace.ts';
import { keyOfReference } from '../shared/references.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { WrittenDocument } from './document.ts';
import type { Pass } from './pass.ts';

/**
 * Where else the document of this pipeline stands in the namespace of its client, except for what another Airflow, which
 * the pipeline has left, still reads. Nothing has to be remembered for that: the documents bear its mark.
 */
export async function formerPlaces(
  { clients, documents }: Pick<PipelineDependencies, 'clients' | 'documents'>,
  { dagId, key, noted }: Pass,
  place: DocumentKey,
): Promise<DocumentKey[]> {
  const places = await documents.placesOf(place.namespace, dagId, key);
  const { formerClients = [] } = noted();
  return places.filter(
    (candidate) =>
      !isDeepStrictEqual(candidate, place) &&
      !formerClients.some((former) => isPlaceOf(former, clients.get(keyOfReference(former)), candidate)),
  );
}

/** Whether the document for a client that the pipeline has left stands there. */
export function isPlaceOf(
  former: FormerClient,
  client: PipelineServiceClient | undefined,
  { namespace, name, key }: DocumentKey,
): boolean {
  if (former.namespace !== namespace) {
    return false;
  }
  const isNoted = former.configMap === name && former.key === key;
  return isNoted || (client !== undefined && isShardOf(client, name));
}

function isShardOf(client: PipelineServiceClient, configMap: string): boolean {
  const shard = shardOf(configMap);
  return shard !== undefined && configMap === `${shardsOf(client).name}-${shard}`;
}

/**
 * Removes the document from its former places, once the DAG is seen to be made by the loader of the new one: Airflow mounts
 * it. Call it with what Airflow knows after a deploy that is done. Where only the name of the shards has changed, the files in
 * Airflow are called the same as before and prove nothing: then the document stays until somebody deletes the old ConfigMap.
 */
export async function leaveFormerPlaces(
  deps: Pick<PipelineDependencies, 'documents'>,
  pass: Pick<Pass, 'note' | 'noted' | 'signal'>,
  written: Pick<WrittenDocument, 'location' | 'former'>,
  { dag }: DagView,
): Promise<void> {
  const { location, former } = written;
  const loader = dag && shardOfLoader(dag.fileLocation);
  const isProof = former.every(({ key }) => key !== location.key);
  if (loader !== undefined && loader === shardOf(location.configMap) && isProof) {
    await leave(deps, pass, written);
  }
}

/** Removes the document from its former places; from now on the status tells the new one. */
export async function leave(
  { documents }: Pick<PipelineDependencies, 'documents'>,
  pass: Pick<Pass, 'note' | 'noted' | 'signal'>,
  { location, former }: Pick<WrittenDocument, 'location' | 'former'>,
): Promise<void> {
  for (const place of former) {
    await documents.remove(place, pass.signal);
  }
  const { deployed } = pass.noted();
  if (deployed !== undefined) {
    pass.note({ deployed: { ...deployed, ...location } });
  }
}
