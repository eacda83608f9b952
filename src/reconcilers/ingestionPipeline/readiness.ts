import { isDeepStrictEqual } from 'node:util';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { findCondition } from '../../domain/conditions.ts';
import type { Connection } from '../shared/connection.ts';
import { waiting, type Halt } from '../shared/halt.ts';
import { keyOf, keyOfReference } from '../shared/references.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { knownVersion } from './knownVersion.ts';
import type { Pass } from './pass.ts';
import type { Rendered } from './render.ts';

/** The client's reconciler calls its pipelines when it is ready; this is the safety net. */
const CHECK_AFTER = 30_000;

/** The connection to the client. Halts while there is none, as just after a start. */
export function connect(deps: PipelineDependencies, clientKey: string): Connection {
  const connection = deps.connections.get(clientKey);
  if (connection === undefined) {
    const conditions = deps.clients.get(clientKey)?.status?.conditions ?? [];
    throw clientNotReady(clientKey, findCondition(conditions, 'Ready')?.message);
  }
  return connection;
}

/** The connection to the client that the pipeline was last seen to use, if there is one. */
export function connectionInUse({ connections }: PipelineDependencies, pass: Pass): Connection | undefined {
  const { clientRef } = pass.noted();
  return clientRef && connections.get(keyOfReference(clientRef));
}

/** Halts while the client's last check stands against deploying, and before the first one. */
export function requireReady(clientKey: string, { findings }: Connection): void {
  if (!findings.checked || findings.blockedBy !== undefined) {
    throw clientNotReady(clientKey, findings.blockedBy);
  }
}

/**
 * Whether a halt tells nothing about this pipeline itself: all was well when its client was last ready, what is
 * declared is still what was deployed, and this pass deployed nothing. Then Ready stays as it is, so that an outage of
 * Airflow does not make every pipeline flap.
 */
export function isUndisturbed({ before, generation, noted }: Pass, halt: Halt): boolean {
  return (
    halt.verdict.reason === 'ClientNotReady' &&
    before.observedGeneration === generation &&
    before.configHash === noted().configHash &&
    before.deployed?.time === noted().deployed?.time &&
    findCondition(before.conditions ?? [], 'Ready')?.status === 'True'
  );
}

/** Halts where the document was rendered for another OpenMetadata than the one that the client has turned out to have since. */
export function requireCurrent(
  client: PipelineServiceClient,
  connection: Connection,
  rendered: Rendered,
): void {
  if (!isDeepStrictEqual(rendered.version, knownVersion(client, connection))) {
    throw clientNotReady(keyOf(client), 'OpenMetadata has become another version just now.');
  }
}

function clientNotReady(clientKey: string, because: string | undefined): Halt {
  return waiting(
    {
      type: 'Ready',
      reason: 'ClientNotReady',
      message: `PipelineServiceClient ${clientKey} is not ready${because === undefined ? ' yet' : `: ${because}`}`,
    },
    CHECK_AFTER,
  );
}
