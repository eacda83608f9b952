/** What a pipeline does. Which of them a server knows depends on its version. */
export const pipelineTypes = [
  'metadata',
  'usage',
  'lineage',
  'profiler',
  'autoClassification',
  'TestSuite',
  'dbt',
  'elasticSearchReindex',
  'dataInsight',
  'application',
  'policyAgent',
] as const;

export type PipelineType = (typeof pipelineTypes)[number];

/** Kinds of service, spelt as in OpenMetadata's references. */
export const serviceTypes = [
  'databaseService',
  'dashboardService',
  'messagingService',
  'pipelineService',
  'mlmodelService',
  'metadataService',
  'storageService',
  'searchService',
  'apiService',
  'driveService',
  'securityService',
  'llmService',
  'mcpService',
  'testSuite',
] as const;

export type ServiceType = (typeof serviceTypes)[number];
