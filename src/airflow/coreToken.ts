import { z } from 'zod';
import type { SecretValue } from '../domain/secretValue.ts';
import type { HttpAnswer } from '../http/httpClient.ts';
import { classifyAnswer } from './classify.ts';
import type { AirflowHttp } from './http.ts';
import { parseJson } from '../http/parseJson.ts';
import type { Verb } from './verbs.ts';

const TokenAnswer = z.object({ access_token: z.string().min(1) });

/** Airflow 3's token for user name and password. */
export interface CoreToken {
  /** The one at hand, else a new one. Throws `invalidCredentials`, or `coreApiUnavailable` where there are no tokens. */
  get(verb: Verb, signal: AbortSignal): Promise<string>;
  /** Asks for a new one next time, unless somebody did already. */
  expire(token: string): void;
}

export function createCoreToken(
  http: AirflowHttp,
  credentials: { username: string; password: SecretValue },
): CoreToken {
  let known: string | undefined;

  async function get(verb: Verb, signal: AbortSignal): Promise<string> {
    if (known === undefined) {
      const { username, password } = credentials;
      const body = JSON.stringify({ username, password: password.reveal() });
      known = await http.call(
        { verb, method: 'POST', path: '/auth/token', body, readOnly: true },
        (answer) => readToken(answer, verb, http.root),
        signal,
      );
    }
    return known;
  }

  return {
    get,
    expire(token) {
      if (known === token) {
        known = undefined;
      }
    },
  };
}

function readToken(answer: HttpAnswer, verb: Verb, root: string): string {
  const created = answer.status === 200 || answer.status === 201;
  const token = created ? TokenAnswer.safeParse(parseJson(answer.body)).data?.access_token : undefined;
  if (token === undefined) {
    throw classifyAnswer(answer, { verb, api: 'token', readOnly: true, root });
  }
  return token;
}
