import type { PipelineType, ServiceType } from '../api/pipelineType.ts';

const OF_PIPELINE: Readonly<Partial<Record<PipelineType, string>>> = {
  usage: 'DatabaseUsage',
  lineage: 'DatabaseLineage',
  profiler: 'Profiler',
  autoClassification: 'AutoClassification',
  TestSuite: 'TestSuite',
  dbt: 'DBT',
  elasticSearchReindex: 'MetadataToElasticSearch',
  dataInsight: 'dataInsight',
  application: 'Application',
  policyAgent: 'PolicyAgent',
};

const OF_METADATA: Readonly<Partial<Record<ServiceType, string>>> = {
  databaseService: 'DatabaseMetadata',
  metadataService: 'DatabaseMetadata',
  dashboardService: 'DashboardMetadata',
  messagingService: 'MessagingMetadata',
  pipelineService: 'PipelineMetadata',
  mlmodelService: 'MlModelMetadata',
  storageService: 'StorageMetadata',
  searchService: 'SearchMetadata',
  apiService: 'ApiMetadata',
  driveService: 'DriveMetadata',
  securityService: 'SecurityMetadata',
  mcpService: 'McpMetadata',
};

/** The `config.type` that goes with a pipeline; the plugin needs it, people may leave it out. */
export function sourceConfigType(pipelineType: PipelineType, serviceType: ServiceType): string | undefined {
  return pipelineType === 'metadata' ? OF_METADATA[serviceType] : OF_PIPELINE[pipelineType];
}
