/** The code of a time-out in the TLS handshake: the other side may not speak TLS at all. */
export const handshakeTimeout = 'TLS_HANDSHAKE_TIMEOUT';

export type HttpFailureKind =
  | 'connectionRefused'
  | 'dnsFailed'
  | 'timeout'
  | 'tlsUntrusted'
  | 'tlsMismatch'
  | 'connectionLost'
  | 'answerTooLarge';

/**
 * A call that got no usable answer. Carries neither request nor response, so that printing it shows no secret.
 *
 * `maybeSent` is false only where the request certainly never left: no connection was made.
 */
export class HttpFailure extends Error {
  readonly kind: HttpFailureKind;
  readonly maybeSent: boolean;
  /** Node's own code, such as `ECONNREFUSED`, where there was one; or {@link handshakeTimeout}. */
  readonly code: string | undefined;

  constructor(kind: HttpFailureKind, maybeSent: boolean, code: string | undefined) {
    super(code === undefined ? kind : `${kind} (${code})`);
    this.name = 'HttpFailure';
    this.kind = kind;
    this.maybeSent = maybeSent;
    this.code = code;
  }
}
