/** What the stand-in knows of one kind of entity: its place in the REST API and what it belongs to. */
export interface Collection {
  readonly path: string;
  /** The `type` of references to its entities. */
  readonly entityType: string;
  /** The member that names the parent, and the collections where that parent may be. */
  readonly parent?: { readonly member: string; readonly collections: readonly CollectionName[] };
}

const SERVICES = [
  'databaseServices',
  'dashboardServices',
  'messagingServices',
  'pipelineServices',
  'mlmodelServices',
  'storageServices',
  'searchServices',
  'apiServices',
  'driveServices',
  'metadataServices',
] as const;

export type ServiceCollectionName = (typeof SERVICES)[number] | 'testSuites';

export type CollectionName =
  | ServiceCollectionName
  | 'users'
  | 'teams'
  | 'domains'
  | 'databases'
  | 'databaseSchemas'
  | 'tables'
  | 'storedProcedures'
  | 'queries'
  | 'ingestionPipelines'
  | 'testConnectionDefinitions';

const COLLECTIONS: Record<CollectionName, Collection> = {
  databaseServices: serviceCollection('databaseServices'),
  dashboardServices: serviceCollection('dashboardServices'),
  messagingServices: serviceCollection('messagingServices'),
  pipelineServices: serviceCollection('pipelineServices'),
  mlmodelServices: serviceCollection('mlmodelServices'),
  storageServices: serviceCollection('storageServices'),
  searchServices: serviceCollection('searchServices'),
  apiServices: serviceCollection('apiServices'),
  driveServices: serviceCollection('driveServices'),
  metadataServices: serviceCollection('metadataServices'),
  users: { path: 'users', entityType: 'user' },
  teams: { path: 'teams', entityType: 'team' },
  domains: { path: 'domains', entityType: 'domain' },
  testSuites: { path: 'dataQuality/testSuites', entityType: 'testSuite' },
  testConnectionDefinitions: {
    path: 'services/testConnectionDefinitions',
    entityType: 'testConnectionDefinition',
  },
  ingestionPipelines: {
    path: 'services/ingestionPipelines',
    entityType: 'ingestionPipeline',
    parent: { member: 'service', collections: [...SERVICES, 'testSuites'] },
  },
  databases: {
    path: 'databases',
    entityType: 'database',
    parent: { member: 'service', collections: ['databaseServices'] },
  },
  databaseSchemas: {
    path: 'databaseSchemas',
    entityType: 'databaseSchema',
    parent: { member: 'database', collections: ['databases'] },
  },
  tables: {
    path: 'tables',
    entityType: 'table',
    parent: { member: 'databaseSchema', collections: ['databaseSchemas'] },
  },
  storedProcedures: {
    path: 'storedProcedures',
    entityType: 'storedProcedure',
    parent: { member: 'databaseSchema', collections: ['databaseSchemas'] },
  },
  queries: {
    path: 'queries',
    entityType: 'query',
    parent: { member: 'service', collections: ['databaseServices'] },
  },
};

export function collectionOf(name: CollectionName): Collection {
  return COLLECTIONS[name];
}

function isCollectionName(name: string): name is CollectionName {
  return Object.hasOwn(COLLECTIONS, name);
}

/** The collection at that place of the API, such as `services/databaseServices`. */
export function collectionAt(path: string): CollectionName | undefined {
  const name = path.split('/').at(-1) ?? '';
  return isCollectionName(name) && COLLECTIONS[name].path === path ? name : undefined;
}

function serviceCollection(name: (typeof SERVICES)[number]): Collection {
  return { path: `services/${name}`, entityType: name.slice(0, -1) };
}
