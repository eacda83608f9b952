import type { HttpAnswer } from '../http/httpClient.ts';
import { AirflowError } from './airflowError.ts';
import { type AnsweredCall, classifyAnswer } from './classify.ts';
import type { CoreToken } from './coreToken.ts';
import type { AirflowHttp } from './http.ts';
import { parseJson } from '../http/parseJson.ts';
import type { PluginCalls } from './pluginCall.ts';
import type { Verb } from './verbs.ts';

/** One call of Airflow's own REST API. */
export interface CoreRequest {
  readonly verb: Verb;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1` or `/api/v2`, with its query. */
  readonly path: string;
  readonly body?: string;
}

export interface CoreAnswer {
  readonly value: unknown;
  readonly at: number | undefined;
}

/** Calls of Airflow's own REST API, version 1 or 2. */
export interface CoreCalls {
  /** The JSON of a 200, null for a 201; undefined for an empty success, and for a 404 of the API itself. */
  call(request: CoreRequest, signal: AbortSignal): Promise<unknown>;
  /** The same, with the time of Airflow's own clock in milliseconds since 1970, cut to the second, where it tells. */
  callAt(request: CoreRequest, signal: AbortSignal): Promise<CoreAnswer>;
  version(verb: Verb, signal: AbortSignal): Promise<'/api/v1' | '/api/v2'>;
}

export function createCoreCalls(
  http: AirflowHttp,
  plugin: PluginCalls,
  token: CoreToken,
  basicAuthorization: string,
): CoreCalls {
  async function version(verb: Verb, signal: AbortSignal): Promise<'/api/v1' | '/api/v2'> {
    return (await plugin.basePath(verb, signal)).core;
  }

  async function send(
    request: CoreRequest,
    base: string,
    authorization: string,
    signal: AbortSignal,
  ): Promise<CoreAnswer> {
    const { verb, method, path, body } = request;
    const readOnly = method !== 'DELETE';
    return await http.call(
      { verb, method, path: base + path, headers: { authorization }, body, readOnly },
      (answer) => ({
        value: readCore(answer, { verb, api: 'core', readOnly, root: http.root }),
        at: dateOf(answer),
      }),
      signal,
    );
  }

  async function withToken(request: CoreRequest, signal: AbortSignal): Promise<CoreAnswer> {
    const first = await token.get(request.verb, signal);
    try {
      return await send(request, '/api/v2', `Bearer ${first}`, signal);
    } catch (error) {
      if (!(error instanceof AirflowError && error.kind === 'invalidCredentials')) {
        throw error;
      }
      token.expire(first);
      return await send(request, '/api/v2', `Bearer ${await token.get(request.verb, signal)}`, signal);
    }
  }

  async function callAt(request: CoreRequest, signal: AbortSignal): Promise<CoreAnswer> {
    return (await version(request.verb, signal)) === '/api/v2'
      ? await withToken(request, signal)
      : await send(request, '/api/v1', basicAuthorization, signal);
  }

  async function call(request: CoreRequest, signal: AbortSignal): Promise<unknown> {
    return (await callAt(request, signal)).value;
  }

  return { call, callAt, version };
}

function readCore(answer: HttpAnswer, call: AnsweredCall): unknown {
  const value = parseJson(answer.body);
  if (answer.status === 200 && value !== undefined) {
    return value;
  }
  if (answer.status === 201) {
    return null;
  }
  if (answer.status === 204 || (answer.status === 404 && typeof value === 'object')) {
    return undefined;
  }
  const refused = isTokenRefusal(answer) ? withStatus(answer, 401) : answer;
  throw classifyAnswer(refused, call);
}

function dateOf(answer: HttpAnswer): number | undefined {
  const time = Date.parse(answer.header('date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Airflow 3 answers 403 to a token that has expired or is of another key, as to a missing permission. */
function isTokenRefusal(answer: HttpAnswer): boolean {
  return answer.status === 403 && /token/i.test(answer.body);
}

function withStatus(answer: HttpAnswer, status: number): HttpAnswer {
  return { ...answer, status };
}
