/** What a caller can act on. `unavailable` and `timeout` leave open whether a write has happened. */
export type KubeErrorKind =
  | 'notFound'
  | 'conflict'
  | 'alreadyExists'
  | 'forbidden'
  | 'unauthorized'
  | 'invalid'
  | 'throttled'
  | 'expired'
  | 'unavailable'
  | 'timeout'
  | 'unexpected';

interface KubeErrorDetails {
  /** The HTTP status, where the API server answered. */
  readonly status?: number;
  /** A word of the API server (`NotFound`) or of the transport (`ECONNREFUSED`), never free text. */
  readonly reason?: string;
  /** Milliseconds that the API server asks to wait. */
  readonly retryAfter?: number;
}

/**
 * A request to the API server that failed. Its message is made of our own words, the request's path and single
 * words of the answer: bodies and headers may hold secrets and never get in, nor does a `cause`.
 */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly kind: KubeErrorKind;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(kind: KubeErrorKind, operation: string, details: KubeErrorDetails = {}) {
    const words = [details.status, details.reason].filter((word) => word !== undefined);
    super(`${operation}: ${kind}${words.length > 0 ? ` (${words.join(' ')})` : ''}`);
    this.kind = kind;
    this.status = details.status;
    this.reason = details.reason;
    this.retryAfter = details.retryAfter;
  }
}

/** True for an error of one of the given kinds. */
export function isKubeError(error: unknown, ...kinds: readonly KubeErrorKind[]): error is KubeError {
  return error instanceof KubeError && (kinds.length === 0 || kinds.includes(error.kind));
}

/** The kind for an answered request; `reason` is that of the Status object in its body. */
export function kindOfStatus(status: number, reason?: string): KubeErrorKind {
  if (status === 409) {
    return reason === 'AlreadyExists' ? 'alreadyExists' : 'conflict';
  }
  return KIND_OF_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'unexpected');
}

const KIND_OF_STATUS: Readonly<Record<number, KubeErrorKind>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  408: 'timeout',
  410: 'expired',
  413: 'invalid',
  422: 'invalid',
  429: 'throttled',
  504: 'timeout',
};

/**
 * Maps whatever was thrown on the way to the API server, client-node's ApiException included, to a KubeError
 * without anything of its message, body or headers.
 */
export function toKubeError(error: unknown, operation = 'request to the API server'): KubeError {
  if (error instanceof KubeError) {
    return error;
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new KubeError('timeout', operation);
  }
  const code = codeOf(error);
  if (typeof code === 'number') {
    return new KubeError(kindOfStatus(code), operation, { status: code });
  }
  if (code !== undefined) {
    return new KubeError(kindOfCode(code), operation, { reason: code });
  }
  return new KubeError('unexpected', operation, {
    reason: error instanceof Error ? asWord(error.name) : undefined,
  });
}

function kindOfCode(code: string): KubeErrorKind {
  if (code.includes('TIMEOUT')) {
    return 'timeout';
  }
  // These say that we have called something wrongly; all others are about the network.
  return /^(UND_)?ERR_(INVALID|MISSING)_/.test(code) ? 'unexpected' : 'unavailable';
}

/** The text if it is one plain word, so that nothing else can slip into a message. */
export function asWord(text: unknown): string | undefined {
  return typeof text === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,59}$/.test(text) ? text : undefined;
}

function codeOf(error: unknown): number | string | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  if ('code' in error && !(error instanceof DOMException)) {
    return typeof error.code === 'number' ? error.code : asWord(error.code);
  }
  return codeOf(error.cause);
}
