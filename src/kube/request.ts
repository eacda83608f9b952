import type { Dispatcher } from 'undici';
import { request as sendOverHttp } from 'undici';
import { asWord, kindOfStatus, KubeError, toKubeError } from './kubeError.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { isRecord } from './kubeObject.ts';
import { withDeadline } from './deadline.ts';

const DEFAULT_DEADLINE = 10_000;

export const ContentType = {
  json: 'application/json',
  mergePatch: 'application/merge-patch+json',
  serverSideApply: 'application/apply-patch+yaml',
} as const;

/** One call to the API server. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly contentType?: string;
  readonly accept?: string;
  /** Milliseconds until the call is cut with a `timeout` error; default 10 s. */
  readonly deadline?: number;
  /** Cuts the call as well; then its own reason is thrown, not a KubeError. */
  readonly signal?: AbortSignal;
}

/** Sends one call and gives the parsed JSON of the answer. Throws KubeError for everything but a caller's abort. */
export async function send(kubeConfig: PooledKubeConfig, request: KubeRequest): Promise<unknown> {
  const operation = `${request.method} ${request.path}`;
  try {
    return await withDeadline(request.deadline ?? DEFAULT_DEADLINE, request.signal, (signal) =>
      exchange(kubeConfig, request, signal),
    );
  } catch (error) {
    request.signal?.throwIfAborted();
    throw toKubeError(error, operation);
  }
}

/** Opens a response and leaves reading it to the caller. Throws KubeError unless the answer is a 2xx. */
export async function open(
  kubeConfig: PooledKubeConfig,
  request: KubeRequest,
  purpose: 'call' | 'watch',
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { server, headers, dispatcher } = await kubeConfig.connection(purpose);
  const search = request.query ? `?${new URLSearchParams(request.query).toString()}` : '';
  const response = await sendOverHttp(`${server.replace(/\/$/, '')}${request.path}${search}`, {
    dispatcher,
    method: request.method,
    headers: {
      'user-agent': 'openmetadata-ingestion-operator',
      accept: request.accept ?? ContentType.json,
      ...(request.body && { 'content-type': request.contentType ?? ContentType.json }),
      ...headers,
    },
    body: request.body ? JSON.stringify(request.body) : null,
    bodyTimeout: 0,
    signal,
  });
  if (response.statusCode >= 300) {
    throw await failure(response, `${request.method} ${request.path}`);
  }
  return response;
}

async function exchange(
  kubeConfig: PooledKubeConfig,
  request: KubeRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await open(kubeConfig, request, 'call', signal);
  return parseJson(await response.body.text(), `${request.method} ${request.path}`);
}

/** Like JSON.parse, whose own error quotes the text and must therefore not get out. */
export function parseJson(text: string, operation: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KubeError('unexpected', operation, { reason: 'MalformedJson' });
  }
}

async function failure(response: Dispatcher.ResponseData, operation: string): Promise<KubeError> {
  const status = response.statusCode;
  const reason = asWord(reasonOf(await response.body.text()));
  const retryAfter = Number(response.headers['retry-after']) * 1_000;
  return new KubeError(kindOfStatus(status, reason), operation, {
    status,
    reason,
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
  });
}

function reasonOf(body: string): unknown {
  try {
    const status: unknown = JSON.parse(body);
    return isRecord(status) ? status['reason'] : undefined;
  } catch {
    return undefined;
  }
}
