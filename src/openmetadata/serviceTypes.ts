/** Where the REST API keeps the services of each EntityReference type, below `/v1`. */
const servicePaths: ReadonlyMap<string, string> = new Map([
  ['apiService', 'services/apiServices'],
  ['dashboardService', 'services/dashboardServices'],
  ['databaseService', 'services/databaseServices'],
  ['driveService', 'services/driveServices'],
  ['llmService', 'services/llmServices'],
  ['mcpService', 'services/mcpServices'],
  ['messagingService', 'services/messagingServices'],
  ['metadataService', 'services/metadataServices'],
  ['mlmodelService', 'services/mlmodelServices'],
  ['pipelineService', 'services/pipelineServices'],
  ['searchService', 'services/searchServices'],
  ['securityService', 'services/securityServices'],
  ['storageService', 'services/storageServices'],
  ['testSuite', 'dataQuality/testSuites'],
]);

export function servicePath(type: string): string | undefined {
  return servicePaths.get(type);
}
