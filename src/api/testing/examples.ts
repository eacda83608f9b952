/** Objects with every field, but for those that exclude one another. */

const SECRET = { secretRef: 'airflow', secretKey: 'value' };

export const pipelineSpec = {
  clientRef: { name: 'airflow', namespace: 'openmetadata' },
  displayName: 'Orders',
  description: 'Reads the orders.',
  owners: [{ type: 'team', name: 'sales' }],
  domains: ['Sales'],
  tags: ['Tier.Tier1'],
  pipelineType: 'metadata',
  service: { type: 'databaseService', name: 'mysql_prod' },
  sourceConfig: {
    config: { type: 'DatabaseMetadata', includeViews: false, threads: 0, nested: [{ a: [null, 1.5] }] },
  },
  valuesFrom: [
    { targetPath: 'config.nested.0.b', secretKeyRef: { name: 'dbt-s3', key: 'secret' }, env: 'DBT_SECRET' },
  ],
  airflowConfig: {
    scheduleInterval: '0 3 * * *',
    pipelineTimezone: 'UTC',
    startDate: '2026-01-01T00:00:00Z',
    endDate: '2027-01-01T00:00:00Z',
    retries: 0,
    retryDelay: 60,
    concurrency: 1,
    maxActiveRuns: 1,
    pipelineCatchup: false,
    pausePipeline: false,
    workflowTimeout: 1,
    workflowDefaultView: 'grid',
    workflowDefaultViewOrientation: 'LR',
    email: 'sales@example.org',
  },
  loggerLevel: 'INFO',
  raiseOnError: false,
  enableStreamableLogs: false,
  suspend: false,
  driftPolicy: 'Correct',
  deletionPolicy: 'Delete',
  adopt: false,
  runNonce: '1',
  runHistoryLimit: 0,
};

const run = {
  runId: 'manual__2026-11-23',
  state: 'success',
  startTime: '2026-11-23T06:00:00Z',
  endTime: '2026-11-23T06:01:30Z',
  durationSeconds: 90.5,
  trigger: 'manual',
};

const condition = {
  type: 'Ready',
  status: 'True',
  reason: 'ReconcileSucceeded',
  message: '',
  lastTransitionTime: '2026-11-23T06:00:00Z',
  observedGeneration: 1,
};

export const pipelineStatus = {
  observedGeneration: 1,
  clientRef: { name: 'airflow', namespace: 'openmetadata' },
  dagId: 'team-a_orders',
  pipelineFQN: 'mysql_prod.team-a_orders',
  configHash: 'e3b0c442',
  registered: {
    fullyQualifiedName: 'mysql_prod.team-a_orders',
    id: '6f1b3c52-0d6e-4c3f-9a52-1b7f3b5f8a10',
    hash: 'a'.repeat(64),
    version: 0.2,
    time: '2026-11-23T06:00:00Z',
  },
  deployed: {
    hash: 'e3b0c442',
    publicHash: '98fc1c14',
    time: '2026-11-23T06:00:00Z',
    delivery: 'ManagedAPI',
    configMap: 'dag-generated-configs-07',
    key: '07-team-a_orders.json',
  },
  conditions: [condition],
  lastRun: run,
  recentRuns: [run],
  lastSuccessfulTime: '2026-11-23T06:01:30Z',
  consecutiveFailures: 0,
  nextRunTime: '2026-11-24T03:00:00Z',
  activeRuns: 0,
  formerClients: [
    {
      name: 'old-airflow',
      namespace: 'openmetadata',
      configMap: 'dag-generated-configs-07',
      key: '07-team-a_orders.json',
      message: 'Airflow does not answer.',
    },
  ],
  pendingRun: { runId: '9f1c3f64', message: 'It waits until the pipeline is resumed.' },
  lastHandledReconcileAt: '1',
  lastHandledRunRequest: '2',
  lastHandledRunNonce: '3',
};

export const clientSpec = {
  type: 'Airflow',
  apiEndpoint: 'http://openmetadata-dependencies-api-server:8080',
  metadataApiEndpoint: 'http://openmetadata:8585/api',
  hostIp: '',
  verifySSL: 'validate',
  sslConfig: { caCertificate: SECRET, clientCertificate: SECRET, clientKey: SECRET },
  auth: { usernameFrom: SECRET, password: SECRET },
  timeout: 10,
  openMetadata: {
    clusterName: 'openmetadata',
    authProvider: 'openmetadata',
    jwtToken: SECRET,
    verifySSL: 'no-ssl',
    caCertificate: { configMapRef: 'authorities', configMapKey: 'ca.crt' },
    secretsManagerProvider: 'db',
    secretsManagerLoader: 'noop',
  },
  delivery: 'ManagedAPI',
  configMap: { name: 'dag-generated-configs', shards: 16 },
  limits: { concurrentDeploys: 1, deploysPerMinute: 30 },
  allowedNamespaces: {
    from: 'Selector',
    selector: {
      matchLabels: { team: 'a' },
      matchExpressions: [{ key: 'stage', operator: 'In', values: ['production'] }],
    },
  },
};

export const clientStatus = {
  observedGeneration: 1,
  conditions: [condition],
  airflow: {
    version: '3.3.0',
    apiBasePath: '/pluginsv2/api/v2/openmetadata',
    pluginVersion: '2.0.5.0',
    coreApi: 'Available',
  },
  openMetadata: { version: '2.0.5' },
  pipelines: { total: 3, ready: 2, stalled: 0 },
  deploys: { queued: 12, running: 1 },
  lastCheckTime: '2026-11-23T06:00:00Z',
  lastHandledReconcileAt: 'now',
};
