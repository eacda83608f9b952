import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { documentLocation } from '../../domain/naming.ts';
import type { DocumentKey } from './documentPlace.ts';

const DEFAULT_NAME = 'dag-generated-configs';
const DEFAULT_SHARDS = 16;

/** How a client's shards are called, before the two digits, and how many there are. */
export function shardsOf({ spec }: PipelineServiceClient): {
  readonly name: string;
  readonly shards: number;
} {
  const { name = DEFAULT_NAME, shards = DEFAULT_SHARDS } = spec.configMap ?? {};
  return { name, shards };
}

/** Where the document of a DAG belongs. */
export function placeOf(client: PipelineServiceClient, dagId: string): DocumentKey {
  const { name, shards } = shardsOf(client);
  const { configMap, key } = documentLocation(dagId, name, shards);
  return { namespace: client.metadata.namespace, name: configMap, key };
}
