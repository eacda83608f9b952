import { FINALIZER } from '../../api/group.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { resolveCredentials } from '../shared/clientCredentials.ts';
import { keyOf } from '../shared/references.ts';
import { MissingReference } from '../shared/secretSource.ts';
import { checkWhenDue } from './checkConnection.ts';
import type { ClientVerdict } from './airflowCheck.ts';
import type { ClientDependencies } from './dependencies.ts';
import { isInUse } from './inUse.ts';
import { keepLoaders } from './keepLoaders.ts';
import { releaseClient } from './release.ts';
import { settleClient } from './settle.ts';

/** Reconciles one client, by key: resolves its secrets, keeps its connection, and looks at what is behind it. */
export type ClientReconciler = (key: string, context: ReconcileContext) => Promise<Outcome>;

export function createClientReconciler(deps: ClientDependencies): ClientReconciler {
  return async (key, { signal }) => {
    const client = deps.clients.get(key);
    if (client === undefined) {
      deps.connections.close(key);
      return { kind: 'done' };
    }
    if (client.metadata.deletionTimestamp === undefined) {
      const outcome = await check(deps, await ensureFinalizer(deps, client, signal), signal);
      await keepLoaders(deps, client, signal);
      return outcome;
    }
    return isInUse(deps, keyOf(client)) ? check(deps, client, signal) : releaseClient(deps, client, signal);
  };
}

async function check(
  deps: ClientDependencies,
  client: PipelineServiceClient,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const credentials = await resolveCredentials(client, deps.secrets);
    return await checkWhenDue(deps, client, deps.connections.ensure(client, credentials), signal);
  } catch (error) {
    if (!(error instanceof MissingReference)) {
      throw error;
    }
    deps.connections.markUnresolved(keyOf(client));
    deps.connections.suspect(keyOf(client));
    const fault = await settleClient(deps, client, { verdicts: [judgeMissing(error)] }, signal);
    return fault?.kind === 'stalled' ? fault : { kind: 'failed', notAfter: deps.checkEvery };
  }
}

/** Tells a missing Secret on the condition that it stands in the way of. */
function judgeMissing({ kind, field, message }: MissingReference): ClientVerdict {
  const verdict = { status: 'False', reason: kind, message } as const;
  if (field.startsWith('spec.auth')) {
    return { type: 'Authenticated', ...verdict };
  }
  return { type: field.startsWith('spec.openMetadata') ? 'OpenMetadataReachable' : 'Reachable', ...verdict };
}

/** Without it a client could be deleted away under its pipelines. */
async function ensureFinalizer(
  deps: ClientDependencies,
  client: PipelineServiceClient,
  signal: AbortSignal,
): Promise<PipelineServiceClient> {
  const { finalizers = [], resourceVersion } = client.metadata;
  if (finalizers.includes(FINALIZER)) {
    return client;
  }
  const patched = await deps.resources.patchFinalizers(
    keyOf(client),
    [...finalizers, FINALIZER],
    resourceVersion,
    signal,
  );
  deps.clients.put(patched);
  return patched;
}
