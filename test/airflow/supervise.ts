import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess } from '../support/processes.ts';

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
      await current.ended;
      if (!stopping) await restart();
    }
  }

  async function restart(): Promise<void> {
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
