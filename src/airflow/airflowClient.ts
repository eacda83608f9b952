import type { SecretValue } from '../domain/secretValue.ts';
import type { TlsSettings } from '../http/tls.ts';
import type { Airflow } from './airflow.ts';
import { createCoreApi, deleteRows } from './coreApi.ts';
import { createCoreCalls } from './coreCall.ts';
import { createCoreToken } from './coreToken.ts';
import { createAirflowHttp, type OnCall } from './http.ts';
import { createManagedApis } from './managedApis.ts';
import { createPluginCalls } from './pluginCall.ts';
import { createProbe } from './probe.ts';
import { waitForStartDate } from './startDate.ts';
import { parseTarget } from './target.ts';

export interface AirflowOptions {
  /** Where Airflow answers, e.g. `http://airflow:8080`; a path is kept. */
  readonly endpoint: string;
  readonly username: string;
  readonly password: SecretValue;
  readonly tls: TlsSettings;
  /** For each HTTP call but deploy. */
  readonly timeoutMilliseconds: number;
  /** Default 180,000. */
  readonly deployTimeoutMilliseconds?: number;
  /** Called once for each HTTP call, with the verb that it was made for. Must not throw. */
  readonly onCall?: OnCall;
}

/** Opens the door to one Airflow. Makes no call by itself. */
export function createAirflow(options: AirflowOptions): Airflow {
  const { username, password, tls, timeoutMilliseconds, onCall } = options;
  const { root } = parseTarget(options.endpoint);
  const basic = `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
  const http = createAirflowHttp({ root, tls, timeoutMilliseconds, onCall });
  const plugin = createPluginCalls(http, basic);
  const core = createCoreCalls(http, plugin, createCoreToken(http, { username, password }), basic);
  const deployTimeoutMilliseconds = options.deployTimeoutMilliseconds ?? 180_000;
  return {
    probe: createProbe(http, plugin, core),
    ...createCoreApi(core, root),
    ...createManagedApis(plugin, {
      root,
      deployTimeoutMilliseconds,
      waitForStartDate: (dagId, signal) => waitForStartDate(core, dagId, signal),
      deleteRows: (dagId, signal) => deleteRows(core, 'remove', dagId, signal),
    }),
    close: () => http.close(),
  };
}
