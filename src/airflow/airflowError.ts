/**
 * What went wrong with a call to Airflow, in the order of how far the call came.
 *
 * `unknownOutcome` stands for a changing call whose answer never arrived: verify by reading before repeating it.
 * `coreApiUnavailable`: the plugin answers, but Airflow's own REST API cannot be used with these credentials.
 */
export type AirflowErrorKind =
  | 'connectionRefused'
  | 'dnsFailed'
  | 'timeout'
  | 'tlsUntrusted'
  | 'tlsMismatch'
  | 'unknownOutcome'
  | 'managedApisNotFound'
  | 'coreApiUnavailable'
  | 'invalidCredentials'
  | 'permissionDenied'
  | 'throttled'
  | 'dagNotFound'
  | 'runExists'
  | 'versionMismatch'
  | 'openMetadataUnreachable'
  | 'tokenRejected'
  | 'serviceNotFound'
  | 'invalidServiceConnection'
  | 'invalidPayload'
  | 'pluginDependencyMissing'
  | 'configsDirectoryReadOnly'
  | 'dagBuildFailed'
  | 'serverError'
  | 'unexpectedAnswer';

export interface AirflowErrorDetails {
  readonly status?: number;
  /** Milliseconds that Airflow asked us to wait (Retry-After). */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** A failed call to Airflow. The message is ours: it never repeats a response body, a header or a document. */
export class AirflowError extends Error {
  readonly kind: AirflowErrorKind;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;

  constructor(kind: AirflowErrorKind, message: string, details: AirflowErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'AirflowError';
    this.kind = kind;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
  }
}
