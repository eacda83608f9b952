import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { AxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { type ConnectionWatch, watchConnection } from './connectionWatch.ts';
import { startDeadline } from './deadline.ts';
import { failureKind, provesNotSent } from './failureKind.ts';
import { handshakeTimeout, HttpFailure } from './httpFailure.ts';
import { type TlsSettings, tlsAgentOptions } from './tls.ts';

const largestAnswer = 32 * 1024 * 1024;
/** Servers close idle connections after about 5 s; staying below avoids writing into a closing one. */
const idleSocketMilliseconds = 4_000;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Repeating it changes nothing, so a pooled connection that turns out to be dead is no failure yet. */
  readonly readOnly: boolean;
  /** For the whole call, from waiting for a connection to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
}

/** Any complete answer, whatever its status; redirects are answers too and never followed. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** By lower-case name; one that came several times is joined. */
  header(name: string): string | undefined;
  readonly setCookies: readonly string[];
}

export interface HttpClient {
  /** Throws {@link HttpFailure}, or the signal's reason where a call was aborted. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

/** A client for one server: its own pool of at most `maxSockets` kept connections, no proxy, no redirects. */
export function createHttpClient(options: { tls: TlsSettings; maxSockets?: number }): HttpClient {
  const pool = { keepAlive: true, maxSockets: options.maxSockets ?? 8, timeout: idleSocketMilliseconds };
  const httpAgent = new HttpAgent(pool);
  const httpsAgent = new HttpsAgent({ ...pool, ...tlsAgentOptions(options.tls) });
  const instance = axios.create({
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: largestAnswer,
    maxBodyLength: Infinity,
    responseType: 'text',
    validateStatus: null,
    transformRequest: [],
    transformResponse: [],
  });

  async function once(
    request: HttpRequest,
    signal: AbortSignal,
    watch: ConnectionWatch,
  ): Promise<HttpAnswer> {
    const deadline = startDeadline(signal, request.timeoutMilliseconds);
    const config: AxiosRequestConfig<string> = {
      method: request.method,
      url: request.url,
      headers: { 'User-Agent': 'openmetadata-ingestion-operator', ...request.headers },
      signal: deadline.signal,
      transport: watch.transport,
      ...(request.body !== undefined && { data: request.body }),
    };
    try {
      return answerOf(await instance.request<string>(config));
    } catch (error) {
      throw failureOf(error, request, signal, deadline.passed(), watch);
    } finally {
      deadline.release();
    }
  }

  async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    signal.throwIfAborted();
    const watch = watchConnection();
    try {
      return await once(request, signal, watch);
    } catch (error) {
      const stale = error instanceof HttpFailure && error.kind === 'connectionLost' && watch.reused();
      if (!stale || !request.readOnly) {
        throw error;
      }
      return await once(request, signal, watchConnection());
    }
  }

  return {
    send,
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function answerOf(response: AxiosResponse<string>): HttpAnswer {
  const headers = new Map(
    Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const cookies: unknown = response.headers['set-cookie'];
  return {
    status: response.status,
    body: response.data,
    header: (name) => headers.get(name),
    setCookies: Array.isArray(cookies) ? cookies.map(String) : [],
  };
}

/** What to throw; for a changing call that the caller aborted on the way, that its outcome is not known. */
function failureOf(
  error: unknown,
  request: HttpRequest,
  signal: AbortSignal,
  timedOut: boolean,
  watch: ConnectionWatch,
): unknown {
  const connected = watch.connected();
  if (timedOut) {
    return new HttpFailure('timeout', connected, watch.inHandshake() ? handshakeTimeout : undefined);
  }
  if (signal.aborted) {
    return connected && !request.readOnly
      ? new HttpFailure('connectionLost', true, 'ABORTED')
      : signal.reason;
  }
  if (!(error instanceof AxiosError)) {
    return error;
  }
  if (error.message.startsWith('maxContentLength')) {
    return new HttpFailure('answerTooLarge', true, undefined);
  }
  const kind = failureKind(networkCode(error), connected);
  return new HttpFailure(kind, connected && !provesNotSent(kind), networkCode(error));
}

function networkCode(error: AxiosError): string | undefined {
  const cut = error.code === AxiosError.ERR_BAD_RESPONSE || error.code === AxiosError.ERR_CANCELED;
  return cut ? undefined : error.code;
}
