import { API_GROUP, API_VERSION } from '../../api/group.ts';
import type { IngestionPipelineSpec } from '../../api/ingestionPipeline.ts';
import type { ObjectMeta } from '../../api/objectMeta.ts';
import type { PipelineServiceClientSpec } from '../../api/pipelineServiceClient.ts';

const apiVersion = `${API_GROUP}/${API_VERSION}`;

export const AIRFLOW = 'http://airflow:8080';
export const CLIENT_KEY = 'openmetadata/airflow';
export const PIPELINE_KEY = 'team-a/orders';
export const DAG_ID = 'team-a_orders';

interface Manifest<Spec> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<ObjectMeta> & { readonly namespace: string; readonly name: string };
  readonly spec: Spec;
}

export function clientManifest(
  spec: Partial<PipelineServiceClientSpec> = {},
  metadata: Partial<ObjectMeta> = {},
): Manifest<PipelineServiceClientSpec> {
  return {
    apiVersion,
    kind: 'PipelineServiceClient',
    metadata: { namespace: 'openmetadata', name: 'airflow', ...metadata },
    spec: {
      apiEndpoint: AIRFLOW,
      metadataApiEndpoint: 'http://openmetadata:8585/api',
      auth: { username: 'admin', password: { secretRef: 'airflow-secrets', secretKey: 'password' } },
      openMetadata: { jwtToken: { secretRef: 'openmetadata-bot', secretKey: 'token' } },
      allowedNamespaces: { from: 'All' },
      ...spec,
    },
  };
}

export function pipelineManifest(
  spec: Partial<IngestionPipelineSpec> = {},
  metadata: Partial<ObjectMeta> = {},
): Manifest<IngestionPipelineSpec> {
  return {
    apiVersion,
    kind: 'IngestionPipeline',
    metadata: { namespace: 'team-a', name: 'orders', ...metadata },
    spec: {
      clientRef: { name: 'airflow', namespace: 'openmetadata' },
      pipelineType: 'metadata',
      service: { type: 'databaseService', name: 'mysql_prod' },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
      airflowConfig: { scheduleInterval: '0 3 * * *' },
      ...spec,
    },
  };
}

/** A pipeline whose source configuration takes a value out of the Secret `dbt`. */
export function specWithSecret(env?: string): Partial<IngestionPipelineSpec> {
  return {
    pipelineType: 'usage',
    sourceConfig: { config: { type: 'DatabaseUsage' } },
    valuesFrom: [{ targetPath: 'config.queryLogFilePath', secretKeyRef: { name: 'dbt', key: 'key' }, env }],
  };
}
