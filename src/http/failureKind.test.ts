import { expect, test } from 'vitest';
import { failureKind } from './failureKind.ts';
import type { HttpFailureKind } from './httpFailure.ts';

const rows: readonly [code: string | undefined, connected: boolean, kind: HttpFailureKind][] = [
  ['ECONNREFUSED', false, 'connectionRefused'],
  ['EHOSTUNREACH', false, 'connectionRefused'],
  ['ENETUNREACH', false, 'connectionRefused'],
  ['ETIMEDOUT', false, 'timeout'],
  ['ETIMEDOUT', true, 'connectionLost'],
  ['ENOTFOUND', false, 'dnsFailed'],
  ['EAI_AGAIN', false, 'dnsFailed'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'tlsUntrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', false, 'tlsUntrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'tlsUntrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', false, 'tlsUntrusted'],
  ['CERT_HAS_EXPIRED', false, 'tlsUntrusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'tlsUntrusted'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true, 'tlsUntrusted'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true, 'tlsUntrusted'],
  ['EPROTO', false, 'tlsMismatch'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'tlsMismatch'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', false, 'tlsMismatch'],
  ['HPE_INVALID_CONSTANT', true, 'tlsMismatch'],
  ['ECONNRESET', true, 'connectionLost'],
  ['ECONNRESET', false, 'connectionRefused'],
  ['EPIPE', true, 'connectionLost'],
  [undefined, true, 'connectionLost'],
];

test.each(rows)('%s (connected: %s) is %s', (code, connected, kind) => {
  expect(failureKind(code, connected)).toBe(kind);
});
