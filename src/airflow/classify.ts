import { z } from 'zod';
import type { HttpAnswer } from '../http/httpClient.ts';
import { AirflowError, type AirflowErrorDetails, type AirflowErrorKind } from './airflowError.ts';
import { parseJson } from '../http/parseJson.ts';
import { textMeaning } from './pluginTexts.ts';
import { retryAfterMilliseconds } from './retryAfter.ts';
import { type Verb, verbPermissions, verbWords } from './verbs.ts';

/** The call whose answer is classified. */
export interface AnsweredCall {
  readonly verb: Verb;
  readonly api: 'plugin' | 'core' | 'token';
  readonly readOnly: boolean;
  /** The address, as users know it. */
  readonly root: string;
}

const PluginError = z.object({
  error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});

/** The plugin's own error text; undefined where the answer is not the plugin's. For matching only, never for showing. */
export function pluginErrorText(answer: HttpAnswer): string | undefined {
  return PluginError.safeParse(parseJson(answer.body)).data?.error;
}

/** Whether the plugin says that Airflow has no row for the DAG. */
export function isUnknownDag(answer: HttpAnswer): boolean {
  return answer.status === 404 && /^DAG .* not found/s.test(pluginErrorText(answer) ?? '');
}

/** Whether flask-wtf refused the call, before the plugin saw it. */
export function isCsrfRefusal(answer: HttpAnswer): boolean {
  return answer.status === 400 && /CSRF/i.test(answer.body) && pluginErrorText(answer) === undefined;
}

/** What an answer that is no success means. */
export function classifyAnswer(answer: HttpAnswer, call: AnsweredCall): AirflowError {
  const meaning =
    statusMeaning(answer.status, call) ??
    (call.api === 'plugin' ? pluginMeaning(answer, call) : coreMeaning(answer.status, call));
  return describe(meaning, call, {
    status: answer.status,
    ...retryDetails(answer),
  });
}

interface Meaning {
  readonly kind: AirflowErrorKind;
  readonly reason: string;
}

function describe(meaning: Meaning, call: AnsweredCall, details: AirflowErrorDetails): AirflowError {
  const message = `Airflow at ${call.root} could not ${verbWords[call.verb]}: ${meaning.reason}`;
  return new AirflowError(meaning.kind, message, details);
}

function retryDetails(answer: HttpAnswer): { retryAfter?: number } {
  const retryAfter = retryAfterMilliseconds(answer.header('retry-after'), Date.now());
  return retryAfter === undefined ? {} : { retryAfter };
}

/** What a status means whatever the text. */
function statusMeaning(status: number, call: AnsweredCall): Meaning | undefined {
  if (status === 401) {
    return {
      kind: 'invalidCredentials',
      reason:
        'it refused the credentials. Check auth.username and auth.password, and on Airflow 2 that [api] auth_backends has ' +
        'the basic_auth backend.',
    };
  }
  if (status === 403) {
    return {
      kind: 'permissionDenied',
      reason: `the user lacks ${neededPermission(call)}. Give that permission to a role of the user in Airflow.`,
    };
  }
  if (status === 429) {
    return { kind: 'throttled', reason: 'it, or a proxy before it, asks for fewer calls.' };
  }
  if ((status === 502 || status === 504) && !call.readOnly) {
    return {
      kind: 'unknownOutcome',
      reason: `a proxy before it answered ${status}, so it may have happened or not; this is found out by reading.`,
    };
  }
  return undefined;
}

/** A probe asks the plugin for what only those see who may deploy, and the core API for a list. */
function neededPermission({ verb, api }: AnsweredCall): string {
  return verbPermissions[verb === 'probe' && api === 'core' ? 'listDags' : verb];
}

function pluginMeaning(answer: HttpAnswer, call: AnsweredCall): Meaning {
  const text = pluginErrorText(answer);
  if (text === undefined) {
    return foreignMeaning(answer, call);
  }
  if (answer.status === 404) {
    return isUnknownDag(answer)
      ? { kind: 'dagNotFound', reason: 'it does not know the DAG (yet).' }
      : { kind: 'managedApisNotFound', reason: notThePlugin };
  }
  const meaning = textMeaning(text);
  if (meaning) {
    return meaning;
  }
  if (answer.status >= 500) {
    return { kind: 'serverError', reason: opaque };
  }
  return call.verb === 'deploy'
    ? { kind: 'invalidPayload', reason: 'the plugin refused the document.' }
    : { kind: 'unexpectedAnswer', reason: `the plugin answered ${answer.status}.` };
}

const opaque =
  "it answered with an error whose reason it does not tell (newer plugins hide it). Look at the web server's log; right " +
  'after a deploy it may only need some seconds more.';

/** An answer of something else than the plugin: Airflow itself, a proxy, another server. */
function foreignMeaning(answer: HttpAnswer, call: AnsweredCall): Meaning {
  const { status } = answer;
  if (isCsrfRefusal(answer)) {
    return {
      kind: 'unexpectedAnswer',
      reason:
        'its CSRF protection refused the call, although a token was sent. Check that no proxy removes cookies.',
    };
  }
  if (status === 400 && speaksTls.test(answer.body)) {
    return { kind: 'tlsMismatch', reason: 'its port wants TLS. Let apiEndpoint begin with https://.' };
  }
  if (status === 413) {
    return {
      kind: 'invalidPayload',
      reason: 'a proxy before it refuses requests of this size. Raise its limit for request bodies.',
    };
  }
  if (status >= 500) {
    return { kind: 'serverError', reason: `it, or a proxy before it, answered ${status}.` };
  }
  if (status >= 300 && status < 400) {
    return { kind: 'managedApisNotFound', reason: redirected };
  }
  if (status === 200 || status === 404 || status === 405) {
    return { kind: 'managedApisNotFound', reason: notThePlugin };
  }
  const kind = call.verb === 'deploy' && status === 400 ? 'invalidPayload' : 'unexpectedAnswer';
  return { kind, reason: `it answered ${status}.` };
}

/** How nginx, servers written in Go, and Apache answer plain HTTP on a port for TLS. */
const speaksTls =
  /plain HTTP request was sent to HTTPS|HTTP request to an HTTPS|plain HTTP to an SSL-enabled/;

const redirected =
  'it redirects to another address, which is not followed. Set apiEndpoint to the final address (https instead of http?), ' +
  'and exempt it from login pages of a proxy.';

const notThePlugin =
  "what answers there is not OpenMetadata's managed APIs. Install openmetadata-managed-apis in Airflow and check " +
  'apiEndpoint; the plugin needs openmetadata-ingestion of the same version, and on Airflow 3 apache-airflow-providers-fab.';

function coreMeaning(status: number, call: AnsweredCall): Meaning {
  if (status === 409) {
    return { kind: 'serverError', reason: 'a task of the DAG is still running.' };
  }
  if (status >= 500) {
    return { kind: 'serverError', reason: `it, or a proxy before it, answered ${status}.` };
  }
  if (call.api === 'token') {
    return {
      kind: 'coreApiUnavailable',
      reason: `it gives no token for user name and password (status ${status}), so its REST API cannot be used.`,
    };
  }
  return status === 200 || status === 404 || status === 405 || (status >= 300 && status < 400)
    ? { kind: 'coreApiUnavailable', reason: `its REST API is not there (status ${status}).` }
    : { kind: 'unexpectedAnswer', reason: `its REST API answered ${status}.` };
}
