import type { HttpFailureKind } from './httpFailure.ts';

const connectionCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
]);
const dnsCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const mismatchCodes = new Set(['EPROTO', 'HPE_INVALID_CONSTANT', 'ERR_SSL_WRONG_VERSION_NUMBER']);

const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*CERT.*|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_.*|CRL_.*|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|ERR_TLS_CERT_.*|ERR_SSL_.*(CERTIFICATE|UNKNOWN_CA|CERT).*)$/;

/** What a code of Node's network layer means; undefined for one that says nothing about the connection. */
export function failureKind(code: string | undefined, connected: boolean): HttpFailureKind {
  if (code === undefined) {
    return 'connectionLost';
  }
  if (dnsCodes.has(code)) {
    return 'dnsFailed';
  }
  if (untrusted.test(code)) {
    return 'tlsUntrusted';
  }
  if (mismatchCodes.has(code) || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return 'tlsMismatch';
  }
  if (code === 'ETIMEDOUT') {
    return connected ? 'connectionLost' : 'timeout';
  }
  return connectionCodes.has(code) || !connected ? 'connectionRefused' : 'connectionLost';
}

/** Whether a failure of this kind proves that no request was read by the other side. */
export function provesNotSent(kind: HttpFailureKind): boolean {
  return kind === 'dnsFailed' || kind === 'tlsUntrusted' || kind === 'tlsMismatch';
}
