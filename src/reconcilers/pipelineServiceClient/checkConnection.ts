import { isDeepStrictEqual } from 'node:util';
import type { PipelineServiceClient, PipelineServiceClientStatus } from '../../api/pipelineServiceClient.ts';
import type { Reason } from '../../api/reasons.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { parseVersion, type Version } from '../../domain/version.ts';
import type { Connection, Findings } from '../shared/connection.ts';
import { keyOf } from '../shared/references.ts';
import { checkAirflow, type ClientVerdict } from './airflowCheck.ts';
import { findOtherBackend, withBackend } from './backendCheck.ts';
import type { ClientDependencies } from './dependencies.ts';
import { untilNextLook } from './deployProgress.ts';
import { checkMount } from './mountCheck.ts';
import { checkCompatibility, checkOpenMetadata, type OpenMetadataFindings } from './openMetadataCheck.ts';
import { requestedAt } from './requestedAt.ts';
import { settleClient } from './settle.ts';

/** Checks what is behind the connection when that is due; a call in between only counts the pipelines. */
export async function checkWhenDue(
  deps: ClientDependencies,
  client: PipelineServiceClient,
  connection: Connection,
  signal: AbortSignal,
): Promise<Outcome> {
  if (requestedAt(client) !== client.status?.lastHandledReconcileAt) {
    connection.findings.nextCheckAt = 0;
  }
  const remaining = connection.findings.nextCheckAt - deps.clock();
  if (remaining <= 0 || client.status?.observedGeneration !== client.metadata.generation) {
    return checkConnection(deps, client, connection, signal);
  }
  await settleClient(deps, client, { verdicts: [] }, signal);
  return { kind: 'done', checkAfter: untilNextLook(connection.gate.snapshot(), remaining) };
}

/** Looks at both servers, puts it on the status, and calls the pipelines if they can, or cannot, go on now. */
async function checkConnection(
  deps: ClientDependencies,
  client: PipelineServiceClient,
  connection: Connection,
  signal: AbortSignal,
): Promise<Outcome> {
  const { findings } = connection;
  const [airflow, openMetadata] = await Promise.all([
    checkAirflow(connection, deps.clock(), signal),
    checkOpenMetadata(connection, signal),
  ]);
  const version = latestVersion(openMetadata, findings);
  const backend = await findOtherBackend(connection, version, airflow, signal);
  const verdicts = [
    ...airflow,
    openMetadata.verdict,
    checkCompatibility(version, connection),
    checkMount(deps, client, connection),
  ].map((verdict) => withBackend(verdict, backend));
  const blockedBy = verdicts.find(isBlocking)?.message;
  const hasTurned =
    !findings.checked ||
    (blockedBy === undefined) !== isFree(connection) ||
    !isDeepStrictEqual(version, findings.openMetadataVersion);
  // All at once: a pipeline that saw the version and not yet what it means would deploy for it.
  Object.assign(findings, { blockedBy, checked: true, openMetadataVersion: version });
  const fault = await settleClient(
    deps,
    client,
    { verdicts, ...describe(connection, openMetadata.version) },
    signal,
  );
  if (hasTurned) {
    deps.index.pipelinesOf(keyOf(client)).forEach((pipeline) => deps.pipelineQueue.add(pipeline, 'low'));
  }
  if (fault !== undefined) {
    findings.nextCheckAt = 0;
    return fault.kind === 'failed' ? { ...fault, notAfter: deps.checkEvery } : fault;
  }
  const checkAfter = deps.checkEvery * (0.9 + deps.random() / 5);
  findings.nextCheckAt = deps.clock() + checkAfter;
  return { kind: 'done', checkAfter: untilNextLook(connection.gate.snapshot(), checkAfter) };
}

/** As OpenMetadata says now; as it said last, where it does not answer. */
function latestVersion(
  { version }: OpenMetadataFindings,
  { openMetadataVersion }: Findings,
): Version | undefined {
  return version === undefined ? openMetadataVersion : parseVersion(version);
}

function isFree({ findings }: Connection): boolean {
  return findings.blockedBy === undefined;
}

/** What only a pipeline brings to light does not stand against the next one: it has to be tried to be seen to be gone. */
const SEEN_BY_PIPELINES: ReadonlySet<Reason> = new Set([
  'PermissionDenied',
  'ConfigsDirectoryReadOnly',
  'MountNotSeen',
]);

function isBlocking({ status, reason }: ClientVerdict): boolean {
  return status === 'False' && !SEEN_BY_PIPELINES.has(reason);
}

function describe(
  { findings: { installation } }: Connection,
  openMetadataVersion: string | undefined,
): Pick<PipelineServiceClientStatus, 'airflow' | 'openMetadata'> {
  const airflow = installation && {
    version: installation.airflowVersion,
    apiBasePath: installation.pluginBasePath,
    pluginVersion: installation.pluginVersion,
    coreApi: installation.coreApi.kind === 'available' ? ('Available' as const) : ('Unavailable' as const),
  };
  return {
    ...(airflow && { airflow }),
    ...(openMetadataVersion !== undefined && { openMetadata: { version: openMetadataVersion } }),
  };
}
