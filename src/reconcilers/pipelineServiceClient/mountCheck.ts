import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { findCondition } from '../../domain/conditions.ts';
import { shardOfLoader } from '../../domain/loaderFile.ts';
import type { Connection } from '../shared/connection.ts';
import { keyOf } from '../shared/references.ts';
import type { ClientVerdict } from './airflowCheck.ts';
import type { ClientDependencies } from './dependencies.ts';

type Facts = Pick<ClientDependencies, 'index' | 'pipelines'>;

/** Judges Mounted: Airflow has to see the documents or, where they are posted, a directory that it can write to. */
export function checkMount(
  deps: Facts,
  client: PipelineServiceClient,
  connection: Connection,
): ClientVerdict {
  return client.spec.delivery === 'ConfigMap'
    ? checkDocuments(deps, client, connection)
    : checkDirectory(connection);
}

/** What has come out of the mount proves it. Without a pipeline that misses its DAG nothing speaks against it. */
function checkDocuments(deps: Facts, client: PipelineServiceClient, { poller }: Connection): ClientVerdict {
  const type = 'Mounted';
  const clientKey = keyOf(client);
  const isSeen = [...deps.index.dagIdsOf(clientKey)].some((dagId) => isLoaded(poller.view(dagId)?.dag));
  if (isSeen) {
    return {
      type,
      status: 'True',
      reason: 'Mounted',
      message: 'Airflow makes DAGs of the mounted documents.',
    };
  }
  const missing = [...deps.index.pipelinesOf(clientKey)].find((key) => missesMount(deps, key));
  if (missing !== undefined) {
    return { type, status: 'False', reason: 'MountNotSeen', message: describeMissing(clientKey, missing) };
  }
  const known = findCondition(client.status?.conditions ?? [], type);
  return known?.reason === 'Mounted'
    ? { type, status: known.status, reason: known.reason, message: known.message }
    : { type, status: 'Unknown', reason: 'NotChecked', message: 'No DAG has come out of the mount yet.' };
}

function isLoaded(dag: { readonly isActive: boolean; readonly fileLocation: string } | undefined): boolean {
  return dag?.isActive === true && shardOfLoader(dag.fileLocation) !== undefined;
}

function missesMount({ pipelines }: Facts, key: string): boolean {
  const conditions = pipelines.get(key)?.status?.conditions ?? [];
  return findCondition(conditions, 'Deployed')?.reason === 'MountNotSeen';
}

function describeMissing(clientKey: string, pipeline: string): string {
  return `No DAG has come out of the mount; IngestionPipeline ${pipeline}, for one, has waited for long. See that every container of Airflow mounts the ConfigMaps and Secrets of PipelineServiceClient ${clientKey} at dag_generated_configs in its DAGs folder (docs/pipelineserviceclient.md), or set spec.delivery to ManagedAPI.`;
}

function checkDirectory({ findings }: Connection): ClientVerdict {
  const fault = findings.deployFault;
  return fault?.kind === 'configsDirectoryReadOnly'
    ? { type: 'Mounted', status: 'False', reason: 'ConfigsDirectoryReadOnly', message: fault.message }
    : {
        type: 'Mounted',
        status: 'True',
        reason: 'MountNotNeeded',
        message: 'Documents are posted to the managed APIs.',
      };
}
