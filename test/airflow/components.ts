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
  readonly heedsFileModes: boolean;
}

export function startBackground(installation: Installation, name: BackgroundName): Promise<ManagedProcess> {
  return startComponent(installation, BACKGROUND_COMMANDS[name]);
}

export function startWebServer(installation: Installation): Promise<ManagedProcess> {
  const { environment, layout, port } = installation;
  const command = webCommand(environment);
  const host = command === 'webserver' ? '--hostname' : '--host';
  const pidFile = join(layout.home, `${command}-${port}.pid`);
  // Left behind by a web server that was killed; the next one would refuse to start.
  for (const file of [pidFile, join(layout.home, 'airflow-webserver-monitor.pid')]) {
    rmSync(file, { force: true });
  }
  const address = [host, '127.0.0.1', '--port', String(port)];
  return startComponent(installation, [command, ...address, '--workers', '1', '--pid', pidFile]);
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
  const command = [...restraint(installation), join(environment.bin, 'airflow'), ...args];
  return startProcess({
    command: command[0] ?? '',
    args: command.slice(1),
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

/** The superuser writes to what is read-only, too, unless it is started without that right. */
function restraint({ heedsFileModes }: Installation): string[] {
  const isSuperuser = process.getuid?.() === 0;
  return heedsFileModes && isSuperuser ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
}
