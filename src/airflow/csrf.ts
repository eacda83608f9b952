import { z } from 'zod';
import type { HttpAnswer } from '../http/httpClient.ts';
import type { AirflowHttp } from './http.ts';
import { parseJson } from '../http/parseJson.ts';
import type { Verb } from './verbs.ts';

const CsrfAnswer = z.object({ csrf_token: z.string().nullish() });

type Headers = Readonly<Record<string, string>>;

/** The token and cookie that plugins 1.11 and 1.12 want on every changing call under Airflow 3. */
export interface Csrf {
  /** The headers to send; none where the plugin offers no token. */
  headers(verb: Verb, pluginPath: string, signal: AbortSignal): Promise<Headers>;
  /** Forgets them, after a refusal. */
  forget(): void;
}

export function createCsrf(http: AirflowHttp, authorization: string): Csrf {
  let known: Headers | undefined;

  async function headers(verb: Verb, pluginPath: string, signal: AbortSignal): Promise<Headers> {
    if (!pluginPath.startsWith('/pluginsv2/')) {
      return {};
    }
    known ??= await http.call(
      { verb, method: 'GET', path: `${pluginPath}/csrf-token`, headers: { authorization } },
      (answer) => csrfHeaders(answer, http.root),
      signal,
    );
    return known;
  }

  return {
    headers,
    forget() {
      known = undefined;
    },
  };
}

function csrfHeaders(answer: HttpAnswer, root: string): Headers {
  const token = answer.status === 200 ? CsrfAnswer.safeParse(parseJson(answer.body)).data?.csrf_token : null;
  if (typeof token !== 'string') {
    return {};
  }
  const cookie = answer.setCookies.map((line) => line.split(';')[0]).join('; ');
  // flask-wtf compares the referrer with the host where the call came by https.
  return { 'X-CSRFToken': token, Referer: `${root}/`, ...(cookie !== '' && { Cookie: cookie }) };
}
