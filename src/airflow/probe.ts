import { z } from 'zod';
import type { HttpAnswer } from '../http/httpClient.ts';
import type { Airflow, AirflowInstallation, CoreApiAvailability } from './airflow.ts';
import { AirflowError } from './airflowError.ts';
import { type BasePath, healthVersion } from './basePath.ts';
import type { CoreCalls } from './coreCall.ts';
import type { AirflowHttp } from './http.ts';
import { isUnknownDag } from './classify.ts';
import type { PluginCalls } from './pluginCall.ts';

/** Any id will do: what is asked is whether the question is allowed. */
const ASKED_DAG = 'openmetadata-ingestion-operator';

const Version = z.object({ version: z.string() });

/** Makes the verb that looks at the whole installation; see {@link Airflow.probe}. */
export function createProbe(http: AirflowHttp, plugin: PluginCalls, core: CoreCalls): Airflow['probe'] {
  /** The same call without credentials: whoever gets the version that way could also deploy. */
  async function authentication(
    basePath: BasePath,
    signal: AbortSignal,
  ): Promise<AirflowInstallation['authentication']> {
    const path = `${basePath.plugin}/health-auth`;
    return await http.call(
      { verb: 'probe', method: 'GET', path },
      (answer: HttpAnswer) => (healthVersion(answer) === undefined ? 'enforced' : 'notEnforced'),
      signal,
    );
  }

  async function coreApi(basePath: BasePath, signal: AbortSignal): Promise<CoreApiAvailability> {
    try {
      const answer = await core.call({ verb: 'probe', method: 'GET', path: '/dags?limit=1' }, signal);
      return answer === undefined
        ? { kind: 'unavailable', message: `Airflow at ${http.root} has no REST API at ${basePath.core}.` }
        : { kind: 'available', basePath: basePath.core };
    } catch (error) {
      if (
        error instanceof AirflowError &&
        isOnlyTheCoreApi(error) &&
        (await canReadByPlugin(error, signal))
      ) {
        return { kind: 'unavailable', message: error.message };
      }
      throw error;
    }
  }

  /** Where the plugin heeds permissions, whoever may not list DAGs may not ask it for their state either. */
  async function canReadByPlugin({ kind }: AirflowError, signal: AbortSignal): Promise<boolean> {
    if (kind !== 'permissionDenied') {
      return true;
    }
    try {
      const operation = `status?dag_id=${ASKED_DAG}`;
      await plugin.call({ verb: 'probe', method: 'GET', operation, accepts: isUnknownDag }, signal);
      return true;
    } catch (error) {
      if (error instanceof AirflowError && error.kind === 'permissionDenied') {
        return false;
      }
      throw error;
    }
  }

  async function airflowVersion(signal: AbortSignal): Promise<{ airflowVersion?: string }> {
    const answer = await core.call({ verb: 'probe', method: 'GET', path: '/version' }, signal);
    const version = Version.safeParse(answer).data?.version;
    return version === undefined ? {} : { airflowVersion: version };
  }

  return async (signal) => {
    const { basePath, pluginVersion } = await plugin.find('probe', signal);
    const available = await coreApi(basePath, signal);
    return {
      pluginBasePath: basePath.plugin,
      pluginVersion,
      ...(available.kind === 'available' && (await airflowVersion(signal))),
      authentication: await authentication(basePath, signal),
      coreApi: available,
    };
  };
}

function isOnlyTheCoreApi({ kind }: AirflowError): boolean {
  return kind === 'coreApiUnavailable' || kind === 'permissionDenied' || kind === 'unexpectedAnswer';
}
