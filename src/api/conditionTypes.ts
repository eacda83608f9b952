/** Conditions of an IngestionPipeline. */
export const pipelineConditionTypes = [
  /** Validated, Rendered, Deployed and Enabled all hold for this generation. */
  'Ready',
  /** Work is under way; present only when true. */
  'Reconciling',
  /** A person must act before anything can change; present only when true. */
  'Stalled',
  /** The paused annotation is set, and the operator leaves the object alone; present only when true. */
  'Paused',
  /** The specification and its source configuration are well formed. */
  'Validated',
  /** The workflow document was written to its ConfigMap. */
  'Rendered',
  /** Airflow's scheduler knows the DAG as it was rendered. */
  'Deployed',
  /** The DAG is unpaused, or paused where the pipeline is suspended. */
  'Enabled',
  /** How the newest finished run ended. Never part of Ready. */
  'LastRunSucceeded',
  /** OpenMetadata shows the pipeline; present only where the client asks for it. Never part of Ready. */
  'Registered',
] as const;

export type PipelineConditionType = (typeof pipelineConditionTypes)[number];

/** Conditions of a PipelineServiceClient. */
export const clientConditionTypes = [
  /** Reachable, Authenticated, Compatible and OpenMetadataReachable allow work with this client. */
  'Ready',
  /** Work is under way; present only when true. */
  'Reconciling',
  /** A person must act before anything can change; present only when true. */
  'Stalled',
  /** Airflow and its managed APIs answer at the endpoint. */
  'Reachable',
  /** Airflow accepts the credentials and grants the permissions that are needed. */
  'Authenticated',
  /** The versions of the plugin and of the OpenMetadata server fit together. */
  'Compatible',
  /** The OpenMetadata server answers and accepts the token. */
  'OpenMetadataReachable',
  /** Airflow sees the ConfigMaps where this delivery needs them. */
  'Mounted',
  /** Pipelines refer to this client; while true it cannot be deleted. */
  'InUse',
] as const;

export type ClientConditionType = (typeof clientConditionTypes)[number];
