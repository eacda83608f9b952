import { join } from 'node:path';
import { freePort } from '../support/freePort.ts';
import { type Progress, silentProgress } from '../support/progress.ts';
import { type CommandResult, runCommand } from '../support/runCommand.ts';
import { givenDirectory, temporaryDirectory } from '../support/temporaryDirectory.ts';
import { type AirflowProcesses, type Component, startAirflowProcesses } from './airflowProcesses.ts';
import { backgroundReady, type Installation, startWebServer, webLogOf } from './components.ts';
import { ensureAirflowEnvironment } from './environment.ts';
import type { Generation } from './generations.ts';
import { ADMIN, prepareHome } from './home.ts';
import { airflowProcessEnvironment, newSecret } from './settings.ts';
import { createUser } from './users.ts';

const COMMAND_MS = 120_000;
const USUAL_START_SECONDS = 15;

export interface AirflowOptions {
  /** More variables for all processes of Airflow; these win. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The AIRFLOW_HOME, kept at the end and used again when it is there; a temporary one when left out. */
  readonly directory?: string;
  /** Any free one when left out. */
  readonly port?: number;
  /** File modes count for its processes even where the superuser runs them. */
  readonly heedsFileModes?: boolean;
  readonly progress?: Progress;
}

export interface RunningAirflow {
  readonly generation: Generation;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly home: string;
  readonly dagsFolder: string;
  readonly generatedConfigs: string;
  /** Airflow's own, a SQLite file; for reading only. */
  readonly database: string;
  /** Where the web server writes what it was asked. */
  readonly webLog: string;
  /** The number of the process from which those of this component descend; another one after a new start. */
  pidOf(component: Component): number;
  /** Runs the `airflow` command. */
  cli(args: readonly string[]): Promise<CommandResult>;
  /** The role is one of Airflow's, such as `Viewer`. */
  createUser(username: string, password: string, role: string): Promise<void>;
  /** The scheduler goes on without it. */
  stopWeb(): Promise<void>;
  /** At the same address again; fulfilled when the plugin answers. */
  startWeb(): Promise<void>;
  /** One more web server of this Airflow, at an address of its own, with these variables; it may lack the plugin. */
  startAnotherWeb(environment: Readonly<Record<string, string>>): Promise<AnotherWeb>;
  stop(): Promise<void>;
}

export interface AnotherWeb {
  readonly url: string;
  stop(): Promise<void>;
}

/** A real Airflow with the real plugin on a loopback address, at work when fulfilled. */
export async function startAirflow(
  generation: Generation,
  options: AirflowOptions = {},
): Promise<RunningAirflow> {
  const progress = options.progress ?? silentProgress();
  const { directory } = options;
  const home = directory === undefined ? temporaryDirectory('airflow') : givenDirectory(directory);
  const installation = await install(generation, home.path, progress, options);
  const processes = await progress.step(
    `starting Airflow ${generation.airflow}`,
    () => startAirflowProcesses(installation),
    USUAL_START_SECONDS,
  );
  return describe(installation, processes, home.remove);
}

async function install(
  generation: Generation,
  home: string,
  progress: Progress,
  options: AirflowOptions,
): Promise<Installation> {
  const environment = await ensureAirflowEnvironment(generation, progress);
  const layout = await prepareHome(environment, home, progress);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const usual = airflowProcessEnvironment(environment, layout, url, newSecret());
  const variables = { ...usual, ...options.environment };
  return { environment, layout, variables, url, port, heedsFileModes: options.heedsFileModes ?? false };
}

async function startAnotherWeb(
  installation: Installation,
  environment: Readonly<Record<string, string>>,
): Promise<AnotherWeb> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const other = { ...installation, url, port, variables: { ...installation.variables, ...environment } };
  const web = await startWebServer(other);
  await backgroundReady(web, 'scheduler', other);
  return { url, stop: () => web.stop() };
}

function describe(
  installation: Installation,
  processes: AirflowProcesses,
  cleanUp: () => void,
): RunningAirflow {
  const { environment, layout, variables, url } = installation;
  const { generation } = environment;
  return {
    generation,
    url,
    ...ADMIN,
    home: layout.home,
    dagsFolder: layout.dagsFolder,
    generatedConfigs: layout.generatedConfigs,
    database: layout.database,
    pidOf: processes.pidOf,
    webLog: webLogOf(installation),
    cli: (args) =>
      runCommand(join(environment.bin, 'airflow'), args, { env: variables, timeoutMs: COMMAND_MS }),
    createUser: (username, password, role) =>
      createUser(generation, url, ADMIN, { username, password, role }),
    stopWeb: processes.stopWeb,
    startWeb: processes.startWeb,
    startAnotherWeb: (extra) => startAnotherWeb(installation, extra),
    stop: async () => {
      await processes.stop();
      cleanUp();
    },
  };
}
