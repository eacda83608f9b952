import { API_GROUP, API_VERSION } from '../../api/group.ts';
import type { PipelineServiceClient, PipelineServiceClientStatus } from '../../api/pipelineServiceClient.ts';
import { applyVerdicts, findCondition, toKubernetesTime } from '../../domain/conditions.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { keyOf } from '../shared/references.ts';
import { statusDiffers } from '../shared/statusDifference.ts';
import type { ClientVerdict } from './airflowCheck.ts';
import { countPipelines } from './countPipelines.ts';
import type { ClientDependencies } from './dependencies.ts';
import { deployProgress, withProgress } from './deployProgress.ts';
import { isInUse, usersOf } from './inUse.ts';
import { requestedAt } from './requestedAt.ts';
import { summarise } from './summary.ts';

const FIELD_MANAGER = 'ingestion-operator-status';
const NAMED_USERS = 3;

export interface ClientFindings extends Pick<PipelineServiceClientStatus, 'airflow' | 'openMetadata'> {
  readonly verdicts: readonly ClientVerdict[];
}

/**
 * Computes Ready and writes the status, but only if something other than the time of the check has changed. Returns when to
 * look again, where there is a fault.
 */
export async function settleClient(
  deps: ClientDependencies,
  client: PipelineServiceClient,
  { verdicts, ...found }: ClientFindings,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { lastCheckTime, ...before } = client.status ?? {};
  const { generation } = client.metadata;
  const known = before.conditions ?? [];
  const pipelines = countPipelines(deps, keyOf(client));
  const summary = summarise(verdicts, known, deps.clock());
  const judged = [...verdicts, judgeUse(deps, client), ...summary.verdicts];
  const gate = deps.connections.get(keyOf(client))?.gate.snapshot();
  const progress = deployProgress(gate, client.status ?? {}, deps.clock());
  const { deploys } = progress;
  const conditions = applyVerdicts(known, withProgress(judged, before, progress), generation, deps.clock());
  const lastHandledReconcileAt = requestedAt(client);
  const report = { pipelines, deploys, conditions, observedGeneration: generation, lastHandledReconcileAt };
  const status = { ...before, ...found, ...report };
  if (lastCheckTime !== undefined && !statusDiffers(before, status)) {
    return summary.outcome;
  }
  const written = await deps.resources.applyStatus(
    keyOf(client),
    { ...status, lastCheckTime: toKubernetesTime(deps.clock()) },
    { fieldManager: FIELD_MANAGER, signal },
  );
  deps.clients.put(written);
  verdicts
    .filter(
      ({ type, status: value, reason }) => value === 'False' && findCondition(known, type)?.reason !== reason,
    )
    .forEach((verdict) => announce(deps, client, verdict));
  return summary.outcome;
}

function judgeUse(deps: ClientDependencies, client: PipelineServiceClient): ClientVerdict {
  return isInUse(deps, keyOf(client))
    ? { type: 'InUse', status: 'True', reason: 'InUse', message: describeUse(deps, client) }
    : { type: 'InUse', status: 'False', reason: 'NotInUse', message: 'No pipeline refers to this client.' };
}

function describeUse(deps: ClientDependencies, client: PipelineServiceClient): string {
  if (client.metadata.deletionTimestamp === undefined) {
    return 'Pipelines refer to this client, or have a DAG in its Airflow.';
  }
  const users = usersOf(deps, keyOf(client));
  const more = users.length > NAMED_USERS ? ` and ${users.length - NAMED_USERS} more` : '';
  const named = users.slice(0, NAMED_USERS).join(', ');
  return `Is deleted when no pipeline uses it or has a DAG in its Airflow any more. Left: ${named}${more}.`;
}

function announce(
  deps: ClientDependencies,
  { metadata }: PipelineServiceClient,
  verdict: ClientVerdict,
): void {
  const { namespace, name, uid } = metadata;
  deps.events.record({
    regarding: {
      apiVersion: `${API_GROUP}/${API_VERSION}`,
      kind: 'PipelineServiceClient',
      namespace,
      name,
      uid,
    },
    type: 'Warning',
    reason: verdict.reason,
    action: 'Check',
    note: verdict.message,
  });
}
