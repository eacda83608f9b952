import { FINALIZER } from '../../api/group.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import { keyOf } from '../shared/references.ts';
import type { ClientDependencies } from './dependencies.ts';
import { settleClient } from './settle.ts';

/** A change among the pipelines calls the client; this is the safety net. */
const RECHECK = 10_000;

/** Lets a deleted client go once no pipeline refers to it; until then its connection serves their deletion. */
export async function releaseClient(
  deps: ClientDependencies,
  client: PipelineServiceClient,
  signal: AbortSignal,
): Promise<Outcome> {
  const key = keyOf(client);
  if (deps.index.pipelinesOf(key).size > 0) {
    await settleClient(deps, client, { verdicts: [] }, signal);
    return { kind: 'waiting', checkAfter: RECHECK };
  }
  deps.connections.close(key);
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
