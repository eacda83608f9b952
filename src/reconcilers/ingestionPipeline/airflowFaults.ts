import type { AirflowError, AirflowErrorKind } from '../../airflow/airflowError.ts';
import type { Reason } from '../../api/reasons.ts';
import type { InstallationFault } from '../shared/connection.ts';
import { failed, stalled, waiting, type Halt } from '../shared/halt.ts';

const SLOW = 60_000;
const VERY_SLOW = 300_000;
const VERIFY_AFTER = 2_000;

/** Faults of the connection itself: the client's status tells them, a pipeline only says that it waits. */
const REASON_OF_CONNECTION: Readonly<Partial<Record<AirflowErrorKind, Reason>>> = {
  connectionRefused: 'ConnectionRefused',
  dnsFailed: 'DNSFailed',
  timeout: 'Timeout',
  tlsUntrusted: 'TLSUntrusted',
  tlsMismatch: 'TLSMismatch',
  managedApisNotFound: 'ManagedAPIsNotFound',
  invalidCredentials: 'InvalidCredentials',
  throttled: 'Throttled',
};

/** Faults of a deploy that may be over at the next try. */
const REASON_OF_FAILURE: typeof REASON_OF_CONNECTION = {
  ...REASON_OF_CONNECTION,
  openMetadataUnreachable: 'OpenMetadataUnreachable',
};

/** Faults of a deploy that repeat until a person changes something, with the pause until the next try. */
const STALLING: Readonly<
  Partial<Record<AirflowErrorKind, { readonly reason: Reason; readonly retry: number }>>
> = {
  versionMismatch: { reason: 'VersionMismatch', retry: VERY_SLOW },
  tokenRejected: { reason: 'TokenRejected', retry: VERY_SLOW },
  serviceNotFound: { reason: 'ServiceNotFound', retry: SLOW },
  invalidServiceConnection: { reason: 'InvalidServiceConnection', retry: VERY_SLOW },
  invalidPayload: { reason: 'InvalidPayload', retry: VERY_SLOW },
  pluginDependencyMissing: { reason: 'PluginDependencyMissing', retry: VERY_SLOW },
  configsDirectoryReadOnly: { reason: 'ConfigsDirectoryReadOnly', retry: VERY_SLOW },
  permissionDenied: { reason: 'PermissionDenied', retry: VERY_SLOW },
};

/** Whether Airflow was well and only this document was refused. */
export function isDocumentFault({ kind }: AirflowError): boolean {
  return STALLING[kind] !== undefined;
}

/** Whether every deploy to this Airflow would fail in the same way. */
export function isInstallationFault(
  error: AirflowError,
): error is AirflowError & { kind: InstallationFault['kind'] } {
  return error.kind === 'configsDirectoryReadOnly' || error.kind === 'permissionDenied';
}

/** What a failed call other than a deploy means for the pipeline: it waits, and keeps every condition but Ready. */
export function haltOfCall(error: AirflowError): Halt {
  const { message, retryAfter } = error;
  if (REASON_OF_CONNECTION[error.kind] !== undefined) {
    return failed({ type: 'Ready', reason: 'ClientNotReady', message }, retryAfter);
  }
  const reason = error.kind === 'permissionDenied' ? 'PermissionDenied' : 'ServerError';
  return failed({ type: 'Ready', reason, message }, retryAfter);
}

/** What a failed deploy means for the pipeline. */
export function haltOfDeploy(error: AirflowError): Halt {
  const fault = STALLING[error.kind];
  const { message } = error;
  if (fault !== undefined) {
    return stalled({ type: 'Deployed', reason: fault.reason, message }, fault.retry);
  }
  if (error.kind === 'unknownOutcome') {
    return waiting({ type: 'Deployed', reason: 'UnknownOutcome', message }, VERIFY_AFTER);
  }
  const reason = REASON_OF_FAILURE[error.kind] ?? 'DeployFailed';
  return failed({ type: 'Deployed', reason, message }, error.retryAfter);
}
