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
