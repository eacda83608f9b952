import type { Reason } from '../../api/reasons.ts';
import type { OpenMetadataError, OpenMetadataErrorKind } from '../../openmetadata/openMetadata.ts';

const REASONS: Readonly<Record<OpenMetadataErrorKind, Reason>> = {
  connectionRefused: 'ConnectionRefused',
  dnsFailed: 'DNSFailed',
  timeout: 'Timeout',
  tlsUntrusted: 'TLSUntrusted',
  tlsMismatch: 'TLSMismatch',
  tokenRejected: 'TokenRejected',
  notOpenMetadata: 'OpenMetadataNotFound',
  unknownServiceType: 'UnknownServiceType',
  permissionDenied: 'PermissionDenied',
  refused: 'RegistrationRefused',
  serverError: 'ServerError',
};

/** The reason that tells an error of OpenMetadata on a condition. */
export function reasonOfOpenMetadata({ kind }: OpenMetadataError): Reason {
  return REASONS[kind];
}

const REFUSALS: ReadonlySet<OpenMetadataErrorKind> = new Set([
  'tokenRejected',
  'permissionDenied',
  'refused',
  'unknownServiceType',
]);

/** Whether it may go away by itself; OpenMetadata's own refusals do not. */
export function isTemporary({ kind }: OpenMetadataError): boolean {
  return !REFUSALS.has(kind);
}
