import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf, type TreeMemory } from './processTree.ts';
import type { WebMemory } from './trial.ts';

const LOOK_EVERY_MS = 2_000;
const PATIENCE_MS = 900_000;

/** Watches the memory of a process and of what descends from it, from a quiet moment to the next. */
export interface MemoryWatch {
  /** Once the children are gone that were not there at the begin. */
  end(): Promise<WebMemory>;
}

export async function watchMemory(root: number): Promise<MemoryWatch> {
  const before = await quiet(root, 1);
  let peak = before;
  const timer = setInterval(() => {
    const now = memoryOf(root);
    if (now.proportional > peak.proportional) peak = now;
  }, LOOK_EVERY_MS);
  return {
    async end() {
      try {
        return { before, after: await quiet(root, before.processes), peak };
      } finally {
        clearInterval(timer);
      }
    },
  };
}

async function quiet(root: number, processes: number): Promise<TreeMemory> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    await sleep(LOOK_EVERY_MS);
    const memory = memoryOf(root);
    if (memory.processes <= processes) return memory;
  }
  throw new Error(`process ${root} still has more children than it should`);
}
