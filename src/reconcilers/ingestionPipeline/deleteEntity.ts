import { takesProvider } from '../../domain/envelope.ts';
import { mayDelete } from '../../domain/registrationDecision.ts';
import type { Connection } from '../shared/connection.ts';
import type { Pass } from './pass.ts';

/**
 * Deletes the pipeline's entity in OpenMetadata if the operator made it; says so where it is somebody else's. Throws
 * OpenMetadataError.
 */
export async function deleteEntity(
  { owner, signal, announce }: Pass,
  { openMetadata, findings }: Connection,
  fullyQualifiedName: string,
): Promise<void> {
  const entity = await openMetadata.pipelines.find(fullyQualifiedName, signal);
  if (entity === undefined) {
    return;
  }
  const version = findings.openMetadataVersion;
  if (mayDelete(entity, owner, version === undefined || takesProvider(version))) {
    return openMetadata.pipelines.remove(entity.id, signal);
  }
  announce(
    'Normal',
    'EntityExists',
    `The ingestion pipeline ${fullyQualifiedName} was left in OpenMetadata: it does not bear the mark of this pipeline (any more).`,
  );
}
