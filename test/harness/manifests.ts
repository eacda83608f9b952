import type { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';

const API_VERSION = 'ingestion.open-metadata.org/v1alpha1';

export interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function namespaceManifest(name: string, labels: Readonly<Record<string, string>> = {}): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function secretManifest(metadata: Named, stringData: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
}

/** Where a client's servers are; the Secret `credentials` beside it holds `password` and `token`. */
export interface Servers {
  readonly airflowUrl: string;
  readonly openMetadataUrl: string;
  readonly username: string;
}

export function clientManifest(
  metadata: Named,
  { airflowUrl, openMetadataUrl, username }: Servers,
  changes: Partial<PipelineServiceClientSpec> = {},
): object {
  const spec: PipelineServiceClientSpec = {
    apiEndpoint: airflowUrl,
    metadataApiEndpoint: openMetadataUrl,
    auth: { username, password: { secretRef: 'credentials', secretKey: 'password' } },
    openMetadata: { jwtToken: { secretRef: 'credentials', secretKey: 'token' } },
    ...changes,
  };
  return { apiVersion: API_VERSION, kind: 'PipelineServiceClient', metadata, spec };
}

/** A metadata pipeline of the service `shop` that only runs on request; the changes may be wrong on purpose. */
export function pipelineManifest(
  metadata: Named,
  changes: Partial<IngestionPipelineSpec> | Readonly<Record<string, unknown>> = {},
): object {
  const spec: object = {
    clientRef: { name: 'airflow' },
    pipelineType: 'metadata',
    service: { type: 'databaseService', name: 'shop' },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
    ...changes,
  };
  return { apiVersion: API_VERSION, kind: 'IngestionPipeline', metadata, spec };
}
