import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { loaderFile } from '../../domain/loaderFile.ts';
import { shardName, shardOf } from '../../domain/naming.ts';
import { shardsOf } from '../shared/clientShards.ts';
import type { ClientDependencies } from './dependencies.ts';

const IGNORE_FILE = '.airflowignore';
const FIRST_SHARD = '00';

/** The texts of what stands beside the documents, the same for every shard. */
export interface LoaderFiles {
  readonly loader: string;
  /** Keeps Airflow out of the hidden directories of a mounted ConfigMap. */
  readonly ignore: string;
}

type LoaderDependencies = Pick<ClientDependencies, 'clients' | 'documents' | 'loaderFiles'>;

/**
 * Puts the loader into every shard of the client, whatever the delivery and before there are documents: Airflow finds a new
 * file only every five minutes. A shard that no client counts any more keeps its own until no document is left in it.
 */
export async function keepLoaders(
  deps: LoaderDependencies,
  client: PipelineServiceClient,
  signal: AbortSignal,
): Promise<void> {
  const { namespace } = client.metadata;
  const { name, shards } = shardsOf(client);
  const counted = new Set(shardNames(name, shards));
  for (const shard of counted) {
    await putFiles(deps, namespace, shard, signal);
  }
  await dropLoaders(deps, client, counted, signal);
}

/** Takes the loaders along that a client leaves behind, where no document needs them and no other client counts them. */
export async function dropLoaders(
  deps: LoaderDependencies,
  client: PipelineServiceClient,
  kept: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const { namespace } = client.metadata;
  const others = new Set(clientsBeside(deps, client).flatMap(shardNamesOf));
  for (const shard of deps.documents.shardsIn(namespace)) {
    const isLeft = !kept.has(shard) && !others.has(shard);
    if (isLeft && !(await deps.documents.isInUse({ namespace, name: shard }))) {
      await removeFiles(deps, namespace, shard, signal);
    }
  }
}

function clientsBeside(
  { clients }: LoaderDependencies,
  client: PipelineServiceClient,
): PipelineServiceClient[] {
  return [...clients.list()].filter(
    ({ metadata }) =>
      metadata.namespace === client.metadata.namespace && metadata.name !== client.metadata.name,
  );
}

function shardNamesOf(client: PipelineServiceClient): string[] {
  const { name, shards } = shardsOf(client);
  return shardNames(name, shards);
}

function shardNames(name: string, shards: number): string[] {
  return Array.from({ length: shards }, (_, index) => shardName(name, index));
}

async function putFiles(
  { documents, loaderFiles }: LoaderDependencies,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  for (const [key, text] of filesOf(name, loaderFiles)) {
    await documents.write({ namespace, name, key }, { kind: 'ConfigMap', text }, signal);
  }
}

async function removeFiles(
  { documents, loaderFiles }: LoaderDependencies,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  for (const [key] of filesOf(name, loaderFiles)) {
    await documents.remove({ namespace, name, key }, signal);
  }
}

function filesOf(name: string, { loader, ignore }: LoaderFiles): [string, string][] {
  const shard = shardOf(name);
  if (shard === undefined) {
    return [];
  }
  const files: [string, string][] = [[loaderFile(shard), loader]];
  return shard === FIRST_SHARD ? [...files, [IGNORE_FILE, ignore]] : files;
}
