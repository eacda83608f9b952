import { isAtLeast, type Version } from '../../domain/version.ts';
import { OpenMetadataError } from '../../openmetadata/openMetadata.ts';
import type { Connection } from '../shared/connection.ts';
import type { ClientVerdict } from './airflowCheck.ts';

/** Of a server that runs no pipelines at all; it says so in the place of the platform. */
const NONE = 'disabled';

/**
 * What OpenMetadata runs its own pipelines with where that is not Airflow, such as `Kubernetes`. Only newer servers have
 * the choice; undefined, too, where it cannot be told or does not matter, as Airflow is out of reach anyway.
 */
export async function findOtherBackend(
  { openMetadata, credentials }: Connection,
  version: Version | undefined,
  airflow: readonly ClientVerdict[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const matters = airflow.every(({ status, reason }) => status !== 'False' || isReplaced(reason));
  if (!matters || credentials.token === undefined || version === undefined || !isAtLeast(version, 1, 12)) {
    return undefined;
  }
  try {
    const platform = await openMetadata.pipelinePlatform(signal);
    return ['airflow', NONE].includes(platform.toLowerCase()) ? undefined : platform;
  } catch (error) {
    if (error instanceof OpenMetadataError) {
      return undefined;
    }
    throw error;
  }
}

/** The verdict as it is in the light of that backend. */
export function withBackend(verdict: ClientVerdict, backend: string | undefined): ClientVerdict {
  if (backend === undefined) {
    return verdict;
  }
  if (verdict.type === 'Compatible') {
    return { ...verdict, message: `${verdict.message} OpenMetadata runs its own pipelines on ${backend}.` };
  }
  return isReplaced(verdict.reason)
    ? {
        ...verdict,
        reason: 'UnsupportedBackend',
        message: `${verdict.message} OpenMetadata runs its pipelines on ${backend}, which the operator cannot deploy to: give the address of an Airflow with the managed APIs in apiEndpoint, or let OpenMetadata run its pipelines itself.`,
      }
    : verdict;
}

function isReplaced(reason: ClientVerdict['reason']): boolean {
  return reason === 'ManagedAPIsNotFound';
}
