import type { HttpAnswer } from '../http/httpClient.ts';
import { AirflowError } from './airflowError.ts';
import { type BasePath, findBasePath, type FoundBasePath } from './basePath.ts';
import { classifyAnswer, isCsrfRefusal } from './classify.ts';
import { createCsrf } from './csrf.ts';
import type { AirflowHttp, Exchange } from './http.ts';
import { parseJson } from '../http/parseJson.ts';
import type { Verb } from './verbs.ts';

/** One operation of the plugin. */
export interface PluginOperation {
  readonly verb: Verb;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its query, e.g. `status?dag_id=x`. */
  readonly operation: string;
  readonly body?: string;
  readonly timeoutMilliseconds?: number;
  /** Whether an answer other than 200 is no error either. */
  readonly accepts?: (answer: HttpAnswer) => boolean;
}

/** Calls of the plugin, wherever it is. */
export interface PluginCalls {
  /** The JSON of a 200; undefined for an accepted answer of another kind. */
  call(operation: PluginOperation, signal: AbortSignal): Promise<unknown>;
  /** Looks for the plugin anew. */
  find(verb: Verb, signal: AbortSignal): Promise<FoundBasePath>;
  /** Where the plugin was found last, else looks for it. */
  basePath(verb: Verb, signal: AbortSignal): Promise<BasePath>;
}

const csrfRefused = Symbol('csrfRefused');

export function createPluginCalls(http: AirflowHttp, authorization: string): PluginCalls {
  const csrf = createCsrf(http, authorization);
  let known: BasePath | undefined;

  async function find(verb: Verb, signal: AbortSignal): Promise<FoundBasePath> {
    const first = known;
    known = undefined;
    const found = await findBasePath(http, { verb, authorization, first }, signal);
    known = found.basePath;
    return found;
  }

  async function basePath(verb: Verb, signal: AbortSignal): Promise<BasePath> {
    return known ?? (await find(verb, signal)).basePath;
  }

  async function send(
    operation: PluginOperation,
    read: (answer: HttpAnswer) => unknown,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { verb, method, body, timeoutMilliseconds } = operation;
    const { plugin } = await basePath(verb, signal);
    const protection = method === 'GET' ? {} : await csrf.headers(verb, plugin, signal);
    const exchange: Exchange = {
      verb,
      method,
      path: `${plugin}/${operation.operation}`,
      headers: { authorization, 'Content-Type': 'application/json', ...protection },
      body,
      ...(timeoutMilliseconds !== undefined && { timeoutMilliseconds }),
    };
    return await http.call(exchange, read, signal);
  }

  async function withCsrf(operation: PluginOperation, signal: AbortSignal): Promise<unknown> {
    function read(answer: HttpAnswer): unknown {
      return readAnswer(answer, operation, http.root);
    }

    const first = await send(
      operation,
      (answer) => (isCsrfRefusal(answer) ? csrfRefused : read(answer)),
      signal,
    );
    if (first !== csrfRefused) {
      return first;
    }
    csrf.forget();
    return await send(operation, read, signal);
  }

  async function call(operation: PluginOperation, signal: AbortSignal): Promise<unknown> {
    try {
      return await withCsrf(operation, signal);
    } catch (error) {
      if (error instanceof AirflowError && error.kind === 'managedApisNotFound') {
        known = undefined;
      }
      throw error;
    }
  }

  return { call, find, basePath };
}

function readAnswer(answer: HttpAnswer, operation: PluginOperation, root: string): unknown {
  const value = answer.status === 200 ? parseJson(answer.body) : undefined;
  if (value === undefined && !operation.accepts?.(answer)) {
    const { verb, method } = operation;
    throw classifyAnswer(answer, { verb, api: 'plugin', readOnly: method === 'GET', root });
  }
  return value;
}
