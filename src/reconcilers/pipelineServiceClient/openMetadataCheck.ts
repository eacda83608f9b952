import { parseVersion, type Version, versionsFit } from '../../domain/version.ts';
import { OpenMetadataError } from '../../openmetadata/openMetadata.ts';
import { reasonOfOpenMetadata } from '../shared/openMetadataReason.ts';
import type { Connection } from '../shared/connection.ts';
import type { ClientVerdict } from './airflowCheck.ts';

/** Any name will do: what is asked is whether the token is accepted. */
const PROBED_SERVICE = 'openmetadata-ingestion-operator';

export interface OpenMetadataFindings {
  readonly verdict: ClientVerdict;
  readonly version?: string;
}

/** Looks at OpenMetadata with the client's token and judges OpenMetadataReachable. */
export async function checkOpenMetadata(
  connection: Pick<Connection, 'openMetadata' | 'credentials'>,
  signal: AbortSignal,
): Promise<OpenMetadataFindings> {
  const type = 'OpenMetadataReachable';
  try {
    const version = await connection.openMetadata.version(signal);
    if (connection.credentials.token !== undefined) {
      await connection.openMetadata.findService('databaseService', PROBED_SERVICE, signal);
    }
    const verdict = {
      type,
      status: 'True',
      reason: 'Reachable',
      message: `OpenMetadata ${version} answers.`,
    } as const;
    return { version, verdict };
  } catch (error) {
    if (error instanceof OpenMetadataError) {
      const { message } = error;
      return { verdict: { type, status: 'False', reason: reasonOfOpenMetadata(error), message } };
    }
    throw error;
  }
}

/** Judges Compatible: runs refuse to start, and deploys to be built, where the versions differ. */
export function checkCompatibility(server: Version | undefined, { findings }: Connection): ClientVerdict {
  const type = 'Compatible';
  const plugin = parseVersion(findings.installation?.pluginVersion ?? '');
  if (server === undefined || plugin === undefined) {
    return { type, status: 'Unknown', reason: 'NotChecked', message: 'Not both versions are known yet.' };
  }
  const versions = `OpenMetadata ${server.major}.${server.minor} and the managed APIs ${plugin.major}.${plugin.minor}`;
  return versionsFit(server, plugin)
    ? { type, status: 'True', reason: 'Compatible', message: `${versions} fit together.` }
    : {
        type,
        status: 'False',
        reason: 'VersionMismatch',
        message: `${versions} differ, so no pipeline can run: install openmetadata-ingestion and openmetadata-managed-apis ${server.major}.${server.minor} in Airflow, or bring the server to the same version.`,
      };
}
