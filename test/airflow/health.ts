import { z } from 'zod';
import type { Generation } from './generations.ts';
import { basicAuthorization, type Credentials, getJson } from './http.ts';

const PluginHealth = z.object({ version: z.string() });
const ComponentHealth = z.object({ status: z.string().nullable() });
const AirflowHealth = z.object({ scheduler: ComponentHealth, dag_processor: ComponentHealth.optional() });

export type BackgroundName = 'scheduler' | 'dag_processor';

/** Throws until the plugin answers these credentials. */
export async function isPluginReady(
  generation: Generation,
  url: string,
  credentials: Credentials,
): Promise<boolean> {
  const path = `${generation.pluginPath}/health-auth`;
  const body = await getJson(`${url}${path}`, { authorization: basicAuthorization(credentials) });
  return PluginHealth.parse(body).version.startsWith(generation.openMetadata);
}

/** Whether that background process has told the database lately that it is at work. */
export async function isAtWork(generation: Generation, url: string, name: BackgroundName): Promise<boolean> {
  const path = generation.major === 2 ? '/health' : '/api/v2/monitor/health';
  const health = AirflowHealth.parse(await getJson(`${url}${path}`));
  return health[name]?.status === 'healthy';
}
