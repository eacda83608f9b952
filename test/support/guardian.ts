import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Leftovers } from './removeLeftovers.ts';

const SCRIPT = fileURLToPath(import.meta.resolve('./guardianProcess.ts'));

/** A process that cleans up after this one, also when this one is killed, as test runners do with their workers. */
export interface Guardian {
  /** Replaces what it was told before. */
  tell(leftovers: Leftovers): void;
}

export function startGuardian(): Guardian {
  // In a group of its own: Ctrl-C goes to the whole group of the terminal.
  const child = spawn(process.execPath, [SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  const { stdin } = child;
  // It is an additional safety; without it this process still cleans up by itself.
  child.on('error', () => undefined);
  stdin.on('error', () => undefined);
  if (stdin instanceof Socket) stdin.unref();
  return { tell: (leftovers) => void stdin.write(`${JSON.stringify(leftovers)}\n`) };
}
