import type { IngestionPipelineStatus } from '../../api/ingestionPipeline.ts';
import { keyOf, keyOfReference } from '../shared/references.ts';
import type { ClientDependencies } from './dependencies.ts';

/**
 * Whether pipelines refer to the client or have left a DAG in its Airflow. A client that is deleted serves them, and their
 * deletion, for as long as there are any.
 */
export function isInUse(
  { index, pipelines }: Pick<ClientDependencies, 'index' | 'pipelines'>,
  clientKey: string,
): boolean {
  return (
    index.pipelinesOf(clientKey).size > 0 ||
    [...pipelines.list()].some(({ status = {} }) => hasDagAt(status, clientKey))
  );
}

/** The pipelines that a deleted client waits for. */
export function usersOf(
  { index, pipelines }: Pick<ClientDependencies, 'index' | 'pipelines'>,
  clientKey: string,
): string[] {
  const users = new Set(index.pipelinesOf(clientKey));
  for (const pipeline of pipelines.list()) {
    if (hasDagAt(pipeline.status ?? {}, clientKey)) {
      users.add(keyOf(pipeline));
    }
  }
  return [...users].toSorted();
}

function hasDagAt(
  { clientRef, deployed, formerClients = [] }: IngestionPipelineStatus,
  clientKey: string,
): boolean {
  const inUse = clientRef !== undefined && deployed !== undefined ? [clientRef] : [];
  return [...inUse, ...formerClients].some((reference) => keyOfReference(reference) === clientKey);
}
