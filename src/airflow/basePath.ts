import { z } from 'zod';
import type { HttpAnswer } from '../http/httpClient.ts';
import { AirflowError } from './airflowError.ts';
import { classifyAnswer } from './classify.ts';
import type { AirflowHttp } from './http.ts';
import { parseJson } from '../http/parseJson.ts';
import type { Verb } from './verbs.ts';

/** Where plugin and core API answer, below the root. */
export interface BasePath {
  readonly plugin: string;
  readonly core: '/api/v1' | '/api/v2';
}

export interface FoundBasePath {
  readonly basePath: BasePath;
  /** Of the openmetadata-ingestion package. */
  readonly pluginVersion: string;
}

const candidates: readonly BasePath[] = [
  { plugin: '/pluginsv2/api/v2/openmetadata', core: '/api/v2' },
  { plugin: '/api/v2/openmetadata', core: '/api/v2' },
  { plugin: '/api/v1/openmetadata', core: '/api/v1' },
];

const Health = z.object({ version: z.string() });

/** The version in the answer to a health check; undefined for the page that Airflow 3 gives to unknown paths. */
export function healthVersion(answer: HttpAnswer): string | undefined {
  return answer.status === 200 ? Health.safeParse(parseJson(answer.body)).data?.version : undefined;
}

/**
 * Tries the known places one after another, the given one first. A place that refuses us is not passed over in silence:
 * where no other answers, its refusal is thrown.
 */
export async function findBasePath(
  http: AirflowHttp,
  options: { verb: Verb; authorization: string; first: BasePath | undefined },
  signal: AbortSignal,
): Promise<FoundBasePath> {
  const { verb, authorization, first } = options;
  const refusals: AirflowError[] = [];
  for (const basePath of first ? [first, ...candidates.filter((other) => other !== first)] : candidates) {
    const path = `${basePath.plugin}/health-auth`;
    const found = await http.call({ verb, method: 'GET', path, headers: { authorization } }, look, signal);
    if (typeof found === 'string') {
      return { basePath, pluginVersion: found };
    }
    if (found) {
      refusals.push(found);
    }
  }
  throw worst(refusals) ?? notFound(http.root);

  function look(answer: HttpAnswer): string | AirflowError | undefined {
    const version = healthVersion(answer);
    // Airflow 3 says 404 in JSON to unknown paths of its API, which must not be taken for the plugin's word.
    return version ?? (answer.status === 404 ? undefined : refusal(answer, http.root));
  }
}

function refusal(answer: HttpAnswer, root: string): AirflowError {
  return classifyAnswer(answer, { verb: 'probe', api: 'plugin', readOnly: true, root });
}

function worst(refusals: readonly AirflowError[]): AirflowError | undefined {
  return (
    refusals.find(({ kind }) => kind === 'invalidCredentials' || kind === 'permissionDenied') ??
    refusals.find(({ kind }) => kind !== 'managedApisNotFound') ??
    refusals.find(({ status }) => status !== undefined && status >= 300 && status < 400)
  );
}

function notFound(root: string): AirflowError {
  const tried = candidates.map(({ plugin }) => plugin).join(', ');
  return new AirflowError(
    'managedApisNotFound',
    `No managed APIs of OpenMetadata at ${root} (tried ${tried}). Install openmetadata-managed-apis in Airflow's web ` +
      'server (Airflow 3: api-server, with apache-airflow-providers-fab), or correct apiEndpoint.',
  );
}
