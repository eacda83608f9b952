import { OpenMetadataError } from '../../openmetadata/openMetadata.ts';
import { isTemporary, reasonOfOpenMetadata } from '../shared/openMetadataReason.ts';
import { deleteEntity } from './deleteEntity.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';
import { stillDeleting } from './stillDeleting.ts';

/** How long a deletion waits for an OpenMetadata that is down, from its beginning; the entity is only shown. */
const PATIENCE = 60_000;
const RETRY = 10_000;

/**
 * Deletes the entity of a pipeline that is going away, once its DAG is gone. A refusal is announced and not waited for;
 * while OpenMetadata is merely down, halts for a bounded time.
 */
export async function endRegistration(deps: PipelineDependencies, pass: Pass): Promise<void> {
  const { before, dagId, key } = pass;
  const clientKey = before.clientRef && `${before.clientRef.namespace}/${before.clientRef.name}`;
  const connection = clientKey === undefined ? undefined : deps.connections.get(clientKey);
  const fullyQualifiedName = before.registered?.fullyQualifiedName ?? expectedName(deps, pass, clientKey);
  if (connection === undefined || fullyQualifiedName === undefined) {
    return;
  }
  if (connection.poller.view(dagId)?.registered === true) {
    return announceLeft(pass, fullyQualifiedName);
  }
  connection.entityLooks.forget(key);
  try {
    await deleteEntity(pass, connection, fullyQualifiedName);
  } catch (error) {
    if (!(error instanceof OpenMetadataError)) {
      throw error;
    }
    if (isTemporary(error) && deps.clock() < startOf(pass) + PATIENCE) {
      throw stillDeleting(`The ingestion pipeline is still in OpenMetadata. ${error.message}`, RETRY);
    }
    const left = `The ingestion pipeline ${fullyQualifiedName} was left in OpenMetadata: delete it there.`;
    pass.announce('Warning', reasonOfOpenMetadata(error), `${left} ${error.message}`);
  }
}

/** A DAG that is there still is not ours, and OpenMetadata would delete it with the entity. */
function announceLeft({ announce, dagId, before }: Pass, fullyQualifiedName: string): void {
  if (before.registered !== undefined) {
    const message = `The ingestion pipeline ${fullyQualifiedName} was left in OpenMetadata: with it OpenMetadata would delete the DAG ${dagId}, which is somebody else's.`;
    announce('Warning', 'Orphaned', message);
  }
}

/** Where the status was lost, with a backup for instance, there may be an entity all the same. */
function expectedName(
  { clients }: PipelineDependencies,
  pass: Pass,
  clientKey: string | undefined,
): string | undefined {
  const client = clientKey === undefined ? undefined : clients.get(clientKey);
  return client?.spec.openMetadata.register === true ? pass.noted().pipelineFQN : undefined;
}

function startOf({ pipeline, now }: Pass): number {
  const { deletionTimestamp } = pipeline.metadata;
  return deletionTimestamp === undefined ? now : Date.parse(deletionTimestamp);
}
