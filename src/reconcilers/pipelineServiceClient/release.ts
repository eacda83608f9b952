import { FINALIZER } from '../../api/group.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import { keyOf } from '../shared/references.ts';
import type { ClientDependencies } from './dependencies.ts';
import { dropLoaders } from './keepLoaders.ts';

/** Lets a deleted client go, which no pipeline refers to any more. */
export async function releaseClient(
  deps: ClientDependencies,
  client: PipelineServiceClient,
  signal: AbortSignal,
): Promise<Outcome> {
  const key = keyOf(client);
  deps.connections.close(key);
  await dropLoaders(deps, client, new Set(), signal);
  const { finalizers = [], resourceVersion } = client.metadata;
  const rest = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  if (rest.length < finalizers.length) {
    await dropFinalizer(deps, key, rest, resourceVersion, signal);
  }
  return { kind: 'done' };
}

async function dropFinalizer(
  deps: ClientDependencies,
  key: string,
  rest: readonly string[],
  resourceVersion: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await deps.resources.patchFinalizers(key, rest, resourceVersion, signal);
  } catch (error) {
    if (!isKubeError(error, 'notFound')) {
      throw error;
    }
  }
}
