import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { groupIsAlive } from './processTable.ts';
import { signalGroup } from './signalGroup.ts';

/** What a process has to take along when it ends. */
export interface Leftovers {
  /** Process groups, by the numbers of their leaders. */
  readonly groups: readonly number[];
  /** Files and directories. */
  readonly paths: readonly string[];
  /** Directories of control groups: the kernel's files in them go with them. */
  readonly controlGroups: readonly string[];
}

const GRACE_MS = 1_000;

/** Synchronous, for use where no event loop is left. */
export function removeLeftovers({ groups, paths, controlGroups }: Leftovers): void {
  for (const leader of groups) signalGroup(leader, 'SIGTERM');
  // The time lets children end their own children.
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline && groups.some(groupIsAlive)) sleepSync(20);
  for (const leader of groups) signalGroup(leader, 'SIGKILL');
  for (const path of controlGroups) removeControlGroup(path);
  for (const path of paths) removeTree(path);
}

/** Removes a file or a directory, even while processes in it are being killed. */
export function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}

/** With those in it; waits for the ends of processes in it that are being killed. */
export function removeControlGroup(path: string): void {
  const deadline = Date.now() + GRACE_MS;
  while (!tryToRemoveControlGroup(path) && Date.now() < deadline) sleepSync(20);
}

function tryToRemoveControlGroup(path: string): boolean {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) tryToRemoveControlGroup(join(path, entry.name));
    }
    rmdirSync(path);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
