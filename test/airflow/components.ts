import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ManagedProcess, startProcess } from '../support/processes.ts';
import { waitUntilReady } from '../support/waitUntilReady.ts';
import type { AirflowEnvironment } from './environment.ts';
import { type BackgroundName, isAtWork, isPluginReady } from './health.ts';
import { ADMIN } from './home.ts';
import type { HomeLayout } from './settings.ts';

const STARTUP_MS = 180_000;
const POLL_MS = 200;
const BACKGROUND_COMMANDS: Record<BackgroundName, readonly string[]> = {
  scheduler: ['scheduler', '--skip-serve-logs'],
  dag_processor: ['dag-processor'],
};

/** What is needed to start any of Airflow's processes. */
export interface Installation {
  readonly environment: AirflowEnvironment;
  readonly layout: HomeLayout;
  readonly variables: Record<string, string>;
  readonly url: string;
  readonly port: number;
}

export function startBackground(installation: Installation, name: BackgroundName): Promise<ManagedProcess> {
  return startComponent(installation, BACKGROUND_COMMANDS[name]);
}

export function startWebServer(installation: Installation): Promise<ManagedProcess> {
  const { environment, layout, port } = installation;
  const command = webCommand(environment);
  const host = command === 'webserver' ? '--hostname' : '--host';
  // Left behind by a web server that was killed; the next one would refuse to start.
  for (const name of ['airflow-webserver.pid', 'airflow-webserver-monitor.pid']) {
    rmSync(join(layout.home, name), { force: true });
  }
  return startComponent(installation, [command, host, '127.0.0.1', '--port', String(port), '--workers', '1']);
}

export function webLogOf({ environment, layout }: Installation): string {
  return logOf(layout, webCommand(environment));
}

/** Fulfilled when the plugin answers. */
export async function webServerReady(web: ManagedProcess, { environment, url }: Installation): Promise<void> {
  await waitUntilReady(web, () => isPluginReady(environment.generation, url, ADMIN), {
    timeoutMs: STARTUP_MS,
    intervalMs: POLL_MS,
  });
}

/** Fulfilled when the background process has reported itself; asks the web server, which must be up. */
export async function backgroundReady(
  child: ManagedProcess,
  name: BackgroundName,
  { environment, url }: Installation,
): Promise<void> {
  await waitUntilReady(child, () => isAtWork(environment.generation, url, name), {
    timeoutMs: STARTUP_MS,
    intervalMs: POLL_MS,
  });
}

function startComponent(installation: Installation, args: readonly string[]): Promise<ManagedProcess> {
  const { environment, layout, variables } = installation;
  const [name = ''] = args;
  return startProcess({
    command: join(environment.bin, 'airflow'),
    args,
    env: variables,
    cwd: layout.workingDirectory,
    logFile: logOf(layout, name),
    name: `Airflow ${environment.generation.airflow} ${name}`,
    graceMs: 5_000,
  });
}

function webCommand({ generation }: AirflowEnvironment): 'webserver' | 'api-server' {
  return generation.major === 2 ? 'webserver' : 'api-server';
}

function logOf({ logs }: HomeLayout, name: string): string {
  return join(logs, `${name}.log`);
}
