import type { Values } from './helm.ts';

const CLIENT = { enabled: true, openMetadata: { jwtToken: { secretRef: 'openmetadata-bot' } } };
const EVERYTHING = {
  replicas: 2,
  commonLabels: { team: 'data' },
  commonAnnotations: { contact: 'data@example.org' },
  image: { registry: 'registry.example.org', tag: '1.2.3' },
  imagePullSecrets: [{ name: 'registry' }],
  secretDocuments: { enabled: true, furtherNames: ['former-00'] },
  pipelineServiceClientConfig: {
    ...CLIENT,
    delivery: 'ConfigMap',
    limits: { deploysPerMinute: 10 },
    allowedNamespaces: { from: 'All' },
  },
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  podAnnotations: { 'example.org/scraped': 'yes' },
  podLabels: { 'example.org/tier': 'platform' },
  priorityClassName: 'system-cluster-critical',
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'infra', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { nodeAffinity: {} },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
  ],
  extraArgs: ['--bind-address=::'],
  extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/etc/ca/ca.crt' }],
  extraEnvFrom: [{ configMapRef: { name: 'proxy', optional: true } }],
  extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
  extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/ca', readOnly: true }],
  serviceAccount: { annotations: { 'example.org/role': 'ingestion' } },
  service: { annotations: { 'example.org/scrape': 'true' } },
  metrics: {
    serviceMonitor: {
      enabled: true,
      interval: '30s',
      scrapeTimeout: '10s',
      labels: { release: 'prometheus' },
      relabelings: [{ action: 'labeldrop', regex: 'pod' }],
      metricRelabelings: [{ action: 'drop', sourceLabels: ['__name__'], regex: 'workqueue_.*' }],
    },
    prometheusRule: {
      enabled: true,
      alertLabels: { team: 'data' },
      additionalRules: [{ alert: 'Always', expr: 'vector(1)' }],
    },
    dashboard: { enabled: true, annotations: { folder: 'OpenMetadata' } },
  },
  networkPolicy: {
    metricsFrom: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
    egress: [{ ports: [{ port: 443 }, { port: 8080 }, { port: 8585 }, { port: 53, protocol: 'UDP' }] }],
    airflow: { enabled: true, extraFrom: [{ namespaceSelector: {} }] },
  },
  extraObjects: [
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: '{{ .Release.Name }}-text'}}",
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Release.Name }}-map' } },
  ],
};

/** Ways in which people use the chart; each is rendered and shown to a real API server. */
export const PROFILES: Readonly<Record<string, Values>> = {
  'no values': {},
  'two replicas': { replicas: 2 },
  'a client': { pipelineServiceClientConfig: CLIENT },
  'a client whose token Airflow has': {
    pipelineServiceClientConfig: { enabled: true, openMetadata: { jwtTokenEnv: 'OPENMETADATA_JWT_TOKEN' } },
  },
  'some namespaces': { watchNamespaces: ['openmetadata', 'team-a'], secretDocuments: { enabled: true } },
  'an Airflow elsewhere': { airflowNamespaces: ['airflow', 'openmetadata'] },
  'Airflows everywhere': { airflowNamespaces: ['*'], secretDocuments: { enabled: true } },
  'Airflows in all of some namespaces': { airflowNamespaces: ['*'], watchNamespaces: ['team-a', 'team-b'] },
  everything: EVERYTHING,
  'as little as can be': {
    fullnameOverride: 'tiny',
    crds: { install: false },
    rbac: { create: false },
    serviceAccount: { create: false },
    podDisruptionBudget: { enabled: false },
    networkPolicy: { enabled: false },
    resources: null,
    startupProbe: null,
  },
  'names that are too long': {
    nameOverride: 'n'.repeat(70),
    fullnameOverride: `${'a-name-'.repeat(12)}end`,
    commonLabels: { 'app.kubernetes.io/part-of': 'platform' },
  },
};
