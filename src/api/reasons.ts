/** Every reason that a condition or an event of the operator may carry. */
export const reasons = [
  // Summary
  /** Everything asked for is in place. */
  'ReconcileSucceeded',
  /** The pipeline is suspended, as asked. */
  'Suspended',
  /** The paused annotation is set: the operator leaves the object alone. */
  'Paused',
  /** The object is being deleted. */
  'Deleting',
  /** Something happened that the operator has no better word for; it retries. */
  'Unexpected',
  /** Nothing was found out about this yet. */
  'NotChecked',

  // Validated
  /** The specification is well formed. */
  'Valid',
  /** The specification breaks a rule of its schema. */
  'InvalidSpec',
  /** A key or value of the source configuration is not what the OpenMetadata version knows. */
  'InvalidSourceConfig',
  /** A value holds `$NAME`, which the plugin would expand. */
  'DollarInValue',
  /** Another resource claims the same DAG id on the same client, and is older. */
  'DagIdConflict',

  // Reference to the client
  /** The PipelineServiceClient does not exist. */
  'ClientNotFound',
  /** The PipelineServiceClient exists and is not Ready. */
  'ClientNotReady',
  /** The PipelineServiceClient does not admit the namespace of this pipeline. */
  'ClientNotAllowed',

  // Secrets
  /** A Secret, or ConfigMap with a certificate, does not exist. */
  'SecretNotFound',
  /** The Secret or ConfigMap exists and lacks the key. */
  'SecretKeyNotFound',

  // Rendered
  /** The document was written to its ConfigMap or Secret. */
  'Rendered',
  /** The document does not fit in its ConfigMap or Secret any more. */
  'ConfigMapFull',
  /** The document holds secrets, and the operator may not write the Secret that it belongs into. */
  'SecretNotWritable',

  // Deployed
  /** The scheduler knows the DAG as it was rendered. */
  'Deployed',
  /** The deploy waits for its turn at the client. */
  'QueuedForDeploy',
  /** The deploy is on its way to Airflow. */
  'Deploying',
  /** Delivered; the scheduler has not read it yet. */
  'AwaitingRegistration',
  /** Delivered, and the scheduler did not read it in time. */
  'RegistrationTimeout',
  /** Airflow has a DAG of this id that the operator did not deploy. */
  'DagExists',
  /** Airflow refused the deploy for a reason that it does not tell. */
  'DeployFailed',
  /** The answer to a change in Airflow never arrived; the operator reads before it repeats. */
  'UnknownOutcome',
  /** OpenMetadata has no service of this type and name. */
  'ServiceNotFound',
  /** OpenMetadata knows the service, and the plugin cannot read its connection. */
  'InvalidServiceConnection',
  /** The plugin refused the document. */
  'InvalidPayload',
  /** Airflow cannot reach the OpenMetadata server, which it asks during a deploy. */
  'OpenMetadataUnreachable',
  /** OpenMetadata does not know this kind of service. */
  'UnknownServiceType',
  /** Airflow cannot import the DAG. */
  'DagImportError',
  /** The plugin lacks a Python package that this pipeline needs. */
  'PluginDependencyMissing',
  /** Airflow had something else than was rendered, and it was put back. */
  'DriftCorrected',
  /** Airflow has something else than was rendered, and the drift policy is Warn. */
  'DriftDetected',
  /** The value of a secret changed, so the pipeline is deployed again. */
  'SecretRotated',

  // Enabled
  /** The DAG is unpaused. */
  'Enabled',
  /** The DAG is paused. */
  'Disabled',

  // LastRunSucceeded, and events of runs
  /** The newest finished run ended well. */
  'Succeeded',
  /** The newest finished run failed. */
  'Failed',
  /** The first run is under way. */
  'Running',
  /** There was no run yet. */
  'NoRunYet',
  /** A run was started on request. */
  'RunTriggered',
  /** A run was asked for and cannot be started yet. */
  'RunPending',

  // Reachable and OpenMetadataReachable
  /** The server answers as expected. */
  'Reachable',
  /** Nothing listens at the host and port. */
  'ConnectionRefused',
  /** The host name has no address. */
  'DNSFailed',
  /** No answer came in time. */
  'Timeout',
  /** The certificate is not signed by a trusted authority, or not for this host. */
  'TLSUntrusted',
  /** One side speaks TLS and the other does not. */
  'TLSMismatch',
  /** Something answers, and it is not the managed APIs. */
  'ManagedAPIsNotFound',
  /** The same, and OpenMetadata says that it runs its pipelines with something other than Airflow. */
  'UnsupportedBackend',
  /** The managed APIs answer, and Airflow's own REST API cannot be used. */
  'CoreAPIUnavailable',
  /** Something answers, and it is not an OpenMetadata server. */
  'OpenMetadataNotFound',
  /** The server asked for fewer calls. */
  'Throttled',
  /** The server failed with a 5xx of its own. */
  'ServerError',

  // Authenticated
  /** The credentials were accepted. */
  'Authenticated',
  /** Airflow refused user name and password. */
  'InvalidCredentials',
  /** The user lacks a permission on DAGs. */
  'PermissionDenied',
  /** The plugin accepts anyone, so an accepted call proves nothing. */
  'NotEnforced',
  /** OpenMetadata refused the token. */
  'TokenRejected',

  // Compatible
  /** The versions fit together. */
  'Compatible',
  /** OpenMetadata and the plugin differ in version. */
  'VersionMismatch',

  // Mounted
  /** Airflow sees the ConfigMaps. */
  'Mounted',
  /** This delivery needs no mount. */
  'MountNotNeeded',
  /** Airflow does not see the ConfigMaps. */
  'MountNotSeen',
  /** The plugin cannot write to its directory of documents. */
  'ConfigsDirectoryReadOnly',

  // Registered
  /** OpenMetadata shows the pipeline. */
  'Registered',
  /** OpenMetadata has a pipeline of this name that the operator did not make. */
  'EntityExists',
  /** OpenMetadata does not take the pipeline as it was sent. */
  'RegistrationRefused',

  // InUse and deletion
  /** Pipelines refer to this client. */
  'InUse',
  /** No pipeline refers to this client. */
  'NotInUse',
  /** The DAG cannot be removed yet from an Airflow that the pipeline has left. */
  'CleanupPending',
  /** The DAG was left in Airflow, as asked or because nobody could remove it. */
  'Orphaned',
  /** The DAG is gone from Airflow. */
  'Deleted',
] as const;

export type Reason = (typeof reasons)[number];
