import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { processIsAlive } from './processTable.ts';

/** An owner renews its file more often than this; the number of a process says little in another container. */
const STALE_MS = 60_000;

/** Makes the lock file when nobody living has it. The owner is a text that begins with host name and process id. */
export function takeLockFile(file: string, owner: string): boolean {
  removeWhenStale(file);
  try {
    writeFileSync(file, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Who has it; empty when nobody has. */
export function lockFileOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Two processes that find the same stale file must not remove each other's new one, hence the guard. */
function removeWhenStale(file: string): void {
  const guard = `${file}.removing`;
  if (!isStale(file) || !makeGuard(guard)) return;
  try {
    if (isStale(file)) rmSync(file, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

function makeGuard(guard: string): boolean {
  try {
    mkdirSync(guard);
    return true;
  } catch {
    if (ageMs(guard) > STALE_MS) rmSync(guard, { recursive: true, force: true });
    return false;
  }
}

function isStale(file: string): boolean {
  if (ageMs(file) > STALE_MS) return true;
  const [host, pid] = lockFileOwner(file).split(' ');
  return host === hostname() && !processIsAlive(Number(pid));
}

function ageMs(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false });
  return status === undefined ? 0 : Date.now() - status.mtimeMs;
}
