import { OpenMetadataError } from '../../openmetadata/openMetadata.ts';
import { failed, stalled, type Halt } from '../shared/halt.ts';
import { reasonOfOpenMetadata } from '../shared/openMetadataReason.ts';
import { keyOf } from '../shared/references.ts';
import type { Deployment } from './deployment.ts';

const RECHECK = 60_000;

/**
 * Asks OpenMetadata for the service, with the document's own token: the plugin does the same during a deploy, and its
 * newer versions hide why it failed. Where only Airflow knows the token there is nothing to ask with.
 */
export async function preflight({ deps, pass, client, connection }: Deployment): Promise<void> {
  if (connection.credentials.token === undefined) {
    return;
  }
  const { type, name } = pass.pipeline.spec.service;
  try {
    const service = await connection.openMetadata.findService(type, name, pass.signal);
    if (service === undefined) {
      throw serviceNotFound(type, name, client.spec.metadataApiEndpoint);
    }
  } catch (error) {
    if (error instanceof OpenMetadataError) {
      deps.reportFault(keyOf(client));
      throw failed({ type: 'Deployed', reason: reasonOfOpenMetadata(error), message: error.message });
    }
    throw error;
  }
}

function serviceNotFound(type: string, name: string, endpoint: string): Halt {
  return stalled(
    {
      type: 'Deployed',
      reason: 'ServiceNotFound',
      message: `OpenMetadata at ${endpoint} has no ${type} named "${name}": create the service there, or correct spec.service.`,
    },
    RECHECK,
  );
}
