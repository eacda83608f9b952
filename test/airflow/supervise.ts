import { setTimeout as sleep } from 'node:timers/promises';
import { describeFailure, type ManagedProcess } from '../support/processes.ts';

const PAUSE_MS = 1_000;

export interface Supervised {
  /** The process that runs now, or ran last. */
  pid(): number;
  stop(): Promise<void>;
}

/** Starts a process again whenever it ends by itself, as Kubernetes does with a container. */
export function supervise(first: ManagedProcess, start: () => Promise<ManagedProcess>): Supervised {
  let current = first;
  let stopping = false;
  const watching = watch();

  async function watch(): Promise<void> {
    while (!stopping) {
      const result = await current.ended;
      if (!stopping) await restart(result);
    }
  }

  async function restart(result: number | NodeJS.Signals): Promise<void> {
    process.stderr.write(
      `${describeFailure(current, `ended by itself with ${result}, and is started again`)}\n`,
    );
    await sleep(PAUSE_MS);
    if (!stopping) current = await start();
    if (stopping) await current.stop();
  }

  return {
    pid: () => current.pid,
    stop: async () => {
      stopping = true;
      await current.stop();
      await watching;
    },
  };
}
