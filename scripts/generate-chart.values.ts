import { z } from 'zod';

const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const NAME = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;
const URL = /^https?:\/\//;

const Text = z.string();
const Switch = z.boolean();
const Count = z.int().min(0);
const Seconds = z.number().positive();
/** As Kubernetes takes it; the API server judges what is in it. */
const Anything = z.record(z.string(), z.unknown());
const Anythings = z.array(Anything);
const Texts = z.record(z.string(), z.string());
const Labels = Texts;
const Name = z.string().regex(NAME);
const OptionalName = z.union([z.literal(''), Name]);

/** What the chart `openmetadata` has in the same place, and the operator has no use for. */
const Ignored = z.unknown();

const Probe = z.strictObject({
  initialDelaySeconds: Count.optional(),
  periodSeconds: Count.optional(),
  timeoutSeconds: Count.optional(),
  failureThreshold: Count.optional(),
});

const SecretKey = z.strictObject({ secretRef: OptionalName, secretKey: z.string().min(1) });

const Client = z.strictObject({
  enabled: Switch,
  name: Name,
  type: Text,
  metadataApiEndpoint: z.string().regex(URL),
  airflow: z.strictObject({
    apiEndpoint: z.string().regex(URL),
    verifySsl: z.enum(['no-ssl', 'ignore', 'validate']),
    sslConfig: Anything,
    hostIp: Text,
    auth: z.strictObject({
      username: z.string().min(1),
      password: SecretKey.extend({ secretRef: Name }),
      enabled: Ignored.optional(),
      trustStorePath: Ignored.optional(),
      trustStorePassword: Ignored.optional(),
    }),
    className: Ignored.optional(),
    ingestionIpInfoEnabled: Ignored.optional(),
    healthCheckInterval: Ignored.optional(),
    sslCertificatePath: Ignored.optional(),
  }),
  openMetadata: z.strictObject({
    jwtToken: SecretKey,
    jwtTokenEnv: z.string().regex(/^([A-Za-z_][A-Za-z0-9_]*)?$/),
    register: Switch,
  }),
  delivery: z.enum(['ManagedAPI', 'ConfigMap']),
  configMap: z.strictObject({ name: Name, shards: z.int().min(1).max(100) }),
  limits: Anything,
  allowedNamespaces: Anything,
  k8s: Ignored.optional(),
  deployPipelinesConfig: Ignored.optional(),
});

/** The values of the chart: their types. What they mean, and their defaults, stand in values.yaml. */
export const ChartValues = z.strictObject({
  nameOverride: Text,
  fullnameOverride: Text,
  commonLabels: Labels,
  commonAnnotations: Texts,
  image: z.strictObject({
    registry: Text,
    repository: z.string().min(1),
    tag: Text,
    digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  }),
  imagePullSecrets: z.array(z.strictObject({ name: Name })),
  watchNamespaces: z.array(z.string().regex(NAMESPACE)),
  airflowNamespaces: z.array(z.string().regex(/^(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$/)),
  secretDocuments: z.strictObject({ enabled: Switch, furtherNames: z.array(Name) }),
  operator: z.strictObject({
    logLevel: z.enum(['debug', 'info', 'warn', 'error']),
    ownerId: z.string().regex(/^[\w.-]{1,40}$/),
    defaultClient: z.string().regex(/^([^/]+\/[^/]+)?$/),
    concurrency: z.int().min(1).max(100),
    activePollSeconds: Seconds,
    idlePollSeconds: Seconds,
    resyncSeconds: Seconds,
    secretRefreshSeconds: Seconds,
    registrationTimeoutSeconds: Seconds,
    mountSeconds: Seconds,
    verificationSeconds: Seconds,
    recoverySeconds: Seconds,
  }),
  pipelineServiceClientConfig: Client,
  crds: z.strictObject({ install: Switch, annotations: Texts }),
  rbac: z.strictObject({ create: Switch, aggregateToDefaultRoles: Switch }),
  serviceAccount: z.strictObject({ create: Switch, name: OptionalName, annotations: Texts }),
  replicas: Count,
  revisionHistoryLimit: Count,
  updateStrategy: Anything,
  deploymentAnnotations: Texts,
  podAnnotations: Texts,
  podLabels: Labels,
  priorityClassName: OptionalName,
  nodeSelector: Texts,
  tolerations: Anythings,
  affinity: Anything,
  topologySpreadConstraints: Anythings,
  terminationGracePeriodSeconds: Count,
  resources: Anything,
  podSecurityContext: Anything,
  securityContext: Anything,
  startupProbe: Probe,
  livenessProbe: Probe,
  readinessProbe: Probe,
  extraArgs: z.array(z.string().startsWith('--')),
  extraEnv: Anythings,
  extraEnvFrom: Anythings,
  extraVolumes: Anythings,
  extraVolumeMounts: Anythings,
  podDisruptionBudget: z.strictObject({
    enabled: Switch,
    maxUnavailable: z.union([Count, z.string().regex(/^[0-9]+%$/)]),
  }),
  service: z.strictObject({ port: z.int().min(1).max(65_535), annotations: Texts }),
  metrics: z.strictObject({
    serviceMonitor: z.strictObject({
      enabled: Switch,
      labels: Labels,
      interval: Text,
      scrapeTimeout: Text,
      relabelings: Anythings,
      metricRelabelings: Anythings,
    }),
    prometheusRule: z.strictObject({
      enabled: Switch,
      labels: Labels,
      alertLabels: Labels,
      additionalRules: Anythings,
    }),
    dashboard: z.strictObject({ enabled: Switch, labels: Labels, annotations: Texts }),
  }),
  networkPolicy: z.strictObject({
    enabled: Switch,
    metricsFrom: Anythings,
    egress: Anythings,
    airflow: z.strictObject({
      enabled: Switch,
      podLabels: Labels,
      port: z.int().min(1).max(65_535),
      airflowLabels: Labels,
      openMetadataLabels: Labels,
      extraFrom: Anythings,
    }),
  }),
  extraObjects: z.array(z.union([Text, Anything])),
  /** Helm hands it to every chart that is part of another one. */
  global: Anything.optional(),
});
