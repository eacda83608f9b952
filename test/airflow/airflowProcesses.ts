import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ManagedProcess, startProcess } from '../support/processes.ts';
import {
  backgroundReady,
  type Installation,
  startBackground,
  startWebServer,
  webServerReady,
} from './components.ts';
import type { BackgroundName } from './health.ts';
import { supervise, type Supervised } from './supervise.ts';

const SWEEPER = fileURLToPath(import.meta.resolve('./stragglersProcess.ts'));

/** Airflow 2 parses DAG files in its scheduler. */
export type Component = 'web' | 'scheduler' | 'dagProcessor';

/** The processes of one Airflow. */
export interface AirflowProcesses {
  /** The number of the process from which those of this component descend; another one after a new start. */
  pidOf(component: Component): number;
  stopWeb(): Promise<void>;
  startWeb(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts them all and waits until they are at work. */
export async function startAirflowProcesses(installation: Installation): Promise<AirflowProcesses> {
  const children = await launch(installation);
  try {
    await allReady(children, installation);
    return operate(children, installation);
  } catch (error) {
    await Promise.all([children.web, ...children.background.values()].map((child) => child.stop()));
    await children.sweeper.stop();
    throw error;
  }
}

interface Children {
  readonly sweeper: ManagedProcess;
  readonly web: ManagedProcess;
  readonly background: ReadonlyMap<BackgroundName, ManagedProcess>;
}

async function launch(installation: Installation): Promise<Children> {
  const sweeper = await startSweeper(installation);
  const web = await startWebServer(installation);
  const background = new Map<BackgroundName, ManagedProcess>();
  for (const name of backgroundNames(installation)) {
    background.set(name, await startBackground(installation, name));
  }
  return { sweeper, web, background };
}

function startSweeper({ layout }: Installation): Promise<ManagedProcess> {
  const args = [SWEEPER, layout.workingDirectory];
  return startProcess({ command: process.execPath, args, logFile: join(layout.logs, 'sweeper.log') });
}

/** On Airflow 2 the scheduler does the work of both. */
function backgroundNames({ environment }: Installation): BackgroundName[] {
  return environment.generation.major === 2 ? ['scheduler'] : ['scheduler', 'dag_processor'];
}

async function allReady({ web, background }: Children, installation: Installation): Promise<void> {
  await webServerReady(web, installation);
  for (const [name, child] of background) await backgroundReady(child, name, installation);
}

/**
 * The DAG processor ends when it and the plugin register a new DAG in the same moment, and a web server of 2.10.5, which
 * the plugin makes fork at each deploy, was gone once, for no reason that could be found: hence the supervision.
 */
function operate(children: Children, installation: Installation): AirflowProcesses {
  let web = superviseWeb(children.web, installation);
  const background = new Map(
    [...children.background].map(([name, child]) => [
      name,
      supervise(child, () => startBackground(installation, name)),
    ]),
  );

  function pidOf(component: Component): number {
    if (component === 'web') return web.pid();
    const parser = background.get('dag_processor');
    const child = component === 'dagProcessor' && parser ? parser : background.get('scheduler');
    if (child === undefined) throw new Error(`Airflow has no ${component}`);
    return child.pid();
  }

  return {
    pidOf,
    stopWeb: () => web.stop(),
    startWeb: async () => {
      const started = await startWebServer(installation);
      web = superviseWeb(started, installation);
      await webServerReady(started, installation);
    },
    stop: async () => {
      await Promise.all([web, ...background.values()].map((child) => child.stop()));
      await children.sweeper.stop();
    },
  };
}

function superviseWeb(web: ManagedProcess, installation: Installation): Supervised {
  return supervise(web, () => startWebServer(installation));
}
