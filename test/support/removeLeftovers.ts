import { rmSync } from 'node:fs';
import { groupIsAlive } from './processTable.ts';
import { signalGroup } from './signalGroup.ts';

/** What a process has to take along when it ends. */
export interface Leftovers {
  /** Process groups, by the numbers of their leaders. */
  readonly groups: readonly number[];
  /** Files and directories. */
  readonly paths: readonly string[];
}

const GRACE_MS = 1_000;

/** Synchronous, for use where no event loop is left. */
export function removeLeftovers({ groups, paths }: Leftovers): void {
  for (const leader of groups) signalGroup(leader, 'SIGTERM');
  // The time lets children end their own children.
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline && groups.some(groupIsAlive)) sleepSync(20);
  for (const leader of groups) signalGroup(leader, 'SIGKILL');
  for (const path of paths) removeTree(path);
}

/** Removes a file or a directory, even while processes in it are being killed. */
export function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}

function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
