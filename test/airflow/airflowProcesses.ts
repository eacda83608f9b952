import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { type ManagedProcess, startProcess } from '../support/processes.ts';
import {
  backgroundReady,
  type Installation,
  startDagProcessor,
  startScheduler,
  startWebServer,
  webServerReady,
} from './components.ts';

const SWEEPER = fileURLToPath(import.meta.resolve('./stragglersProcess.ts'));

/** The processes of one Airflow. */
export interface AirflowProcesses {
  web: ManagedProcess;
  readonly scheduler: ManagedProcess;
  /** Airflow 3 only; on 2 the scheduler does its work. */
  readonly dagProcessor: ManagedProcess | undefined;
  stop(): Promise<void>;
}

/** Starts them all and waits until they are at work. */
export async function startAirflowProcesses(installation: Installation): Promise<AirflowProcesses> {
  const processes = await launch(installation);
  try {
    await allReady(processes, installation);
    return processes;
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

async function launch(installation: Installation): Promise<AirflowProcesses> {
  const sweeper = await startSweeper(installation);
  const processes = {
    web: await startWebServer(installation),
    scheduler: await startScheduler(installation),
    dagProcessor: isAirflow3(installation) ? await startDagProcessor(installation) : undefined,
    stop: async () => {
      const { web, scheduler, dagProcessor } = processes;
      await Promise.all([web.stop(), scheduler.stop(), dagProcessor?.stop()]);
      await sweeper.stop();
    },
  };
  return processes;
}

function startSweeper({ layout }: Installation): Promise<ManagedProcess> {
  const args = [SWEEPER, layout.workingDirectory];
  return startProcess({ command: process.execPath, args, logFile: join(layout.logs, 'sweeper.log') });
}

function isAirflow3({ environment }: Installation): boolean {
  return environment.generation.major === 3;
}

async function allReady(processes: AirflowProcesses, installation: Installation): Promise<void> {
  const { web, scheduler, dagProcessor } = processes;
  await webServerReady(web, installation);
  await backgroundReady(scheduler, 'scheduler', installation);
  if (dagProcessor !== undefined) await backgroundReady(dagProcessor, 'dag_processor', installation);
}
