import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { OpenMetadataError } from '../../openmetadata/openMetadata.ts';
import { isTemporary, reasonOfOpenMetadata } from '../shared/openMetadataReason.ts';
import { keyOf } from '../shared/references.ts';
import { deleteEntity } from './deleteEntity.ts';
import type { Deployment } from './deployment.ts';
import type { Pass } from './pass.ts';

/**
 * Deletes the entity that the pipeline does not want any more: its client does not ask for one, or the pipeline is about
 * another service now. Comes before the deploy: OpenMetadata deletes the DAG of this name with it, and then the deploy
 * brings it back. Never in the way of ingestion.
 */
export async function leaveFormerEntity(deployment: Deployment): Promise<void> {
  const { deps, pass, client, connection } = deployment;
  const { registered, pipelineFQN } = pass.noted();
  const isWanted = client.spec.openMetadata.register === true;
  if (!isWanted) {
    pass.retract('Registered');
  }
  if (registered === undefined || (isWanted && registered.fullyQualifiedName === pipelineFQN)) {
    return;
  }
  if (isOfAnotherClient(pass, client)) {
    return pass.note({ registered: undefined });
  }
  try {
    await deleteEntity(pass, connection, registered.fullyQualifiedName);
  } catch (error) {
    if (!(error instanceof OpenMetadataError)) {
      throw error;
    }
    if (isTemporary(error)) {
      return deps.reportFault(keyOf(client));
    }
    pass.announce('Warning', reasonOfOpenMetadata(error), `${left(registered)} ${error.message}`);
  }
  connection.entityLooks.forget(pass.key);
  const view = await connection.poller.refresh(pass.dagId, pass.signal);
  pass.note({ registered: undefined, ...(!view.registered && { deployed: undefined }) });
}

function left({ fullyQualifiedName }: { readonly fullyQualifiedName: string }): string {
  return `The ingestion pipeline ${fullyQualifiedName} was left in OpenMetadata.`;
}

/** Its entity may be in another OpenMetadata, and its DAG in another Airflow, where both are left. */
function isOfAnotherClient({ before }: Pass, { metadata }: PipelineServiceClient): boolean {
  const { clientRef } = before;
  return clientRef?.name !== metadata.name || clientRef.namespace !== metadata.namespace;
}
