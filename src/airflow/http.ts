import { createHttpClient, type HttpAnswer, type HttpRequest } from '../http/httpClient.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import type { TlsSettings } from '../http/tls.ts';
import { AirflowError, type AirflowErrorKind } from './airflowError.ts';
import { airflowFailure } from './failure.ts';
import type { Verb } from './verbs.ts';

export type OnCall = (verb: Verb, result: AirflowErrorKind | 'ok', milliseconds: number) => void;

/** One HTTP call made for a verb. */
export interface Exchange {
  readonly verb: Verb;
  readonly method: HttpRequest['method'];
  /** Below the root, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Default: whether the method is GET. */
  readonly readOnly?: boolean;
  readonly timeoutMilliseconds?: number;
}

/** Makes calls, and turns every way to fail into an AirflowError. */
export interface AirflowHttp {
  readonly root: string;
  /** `read` makes sense of the answer, or throws. */
  call<T>(exchange: Exchange, read: (answer: HttpAnswer) => T, signal: AbortSignal): Promise<T>;
  close(): void;
}

export function createAirflowHttp(options: {
  readonly root: string;
  readonly tls: TlsSettings;
  readonly timeoutMilliseconds: number;
  readonly onCall?: OnCall | undefined;
}): AirflowHttp {
  const { root, onCall } = options;
  const client = createHttpClient({ tls: options.tls });

  async function exchangeOnce(exchange: Exchange, signal: AbortSignal): Promise<HttpAnswer> {
    const readOnly = exchange.readOnly ?? exchange.method === 'GET';
    const timeoutMilliseconds = exchange.timeoutMilliseconds ?? options.timeoutMilliseconds;
    const { method, path, body, verb } = exchange;
    const headers = {
      Accept: 'application/json',
      // Airflow 2.10 refuses to delete a DAG where a body is promised and none comes.
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...exchange.headers,
    };
    try {
      return await client.send(
        { method, url: root + path, headers, body, readOnly, timeoutMilliseconds },
        signal,
      );
    } catch (error) {
      throw error instanceof HttpFailure
        ? airflowFailure(error, { verb, readOnly, root, timeoutMilliseconds })
        : error;
    }
  }

  async function call<T>(
    exchange: Exchange,
    read: (answer: HttpAnswer) => T,
    signal: AbortSignal,
  ): Promise<T> {
    const begin = performance.now();
    try {
      const result = read(await exchangeOnce(exchange, signal));
      onCall?.(exchange.verb, 'ok', performance.now() - begin);
      return result;
    } catch (error) {
      if (error instanceof AirflowError) {
        onCall?.(exchange.verb, error.kind, performance.now() - begin);
      }
      throw error;
    }
  }

  return { root, call, close: () => client.close() };
}
