import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { parseVersion, type Version } from '../../domain/version.ts';
import type { Connection } from '../shared/connection.ts';

/** Of the OpenMetadata server, as last seen; undefined before it was ever reached. */
export function knownVersion(
  { status }: PipelineServiceClient,
  { findings }: Connection,
): Version | undefined {
  return findings.openMetadataVersion ?? parseVersion(status?.openMetadata?.version ?? '');
}
