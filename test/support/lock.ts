import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockFileOwner, takeLockFile } from './lockFile.ts';

const HEARTBEAT_MS = 5_000;

export interface LockOptions {
  /** How long to wait for another owner; 30 min when left out. */
  readonly timeoutMs?: number;
  /** Called once when another process (or another part of this one) has the lock. */
  readonly onWait?: (owner: string) => void;
}

/**
 * Runs the action while no other process runs one under the same lock file, such as the build of something cached.
 * The lock of a process that died is taken over.
 */
export async function withLock<T>(
  file: string,
  action: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const release = await acquire(file, options);
  try {
    return await action();
  } finally {
    release();
  }
}

async function acquire(file: string, options: LockOptions): Promise<() => void> {
  mkdirSync(dirname(file), { recursive: true });
  const owner = `${hostname()} ${process.pid} ${randomUUID()}`;
  if (!takeLockFile(file, owner)) {
    options.onWait?.(lockFileOwner(file));
    await waitFor(file, owner, options.timeoutMs ?? 1_800_000);
  }
  return hold(file, owner);
}

async function waitFor(file: string, owner: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!takeLockFile(file, owner)) {
    if (Date.now() > deadline) throw new Error(`${file} is held by ${lockFileOwner(file)}`);
    await sleep(200);
  }
}

function hold(file: string, owner: string): () => void {
  const heartbeat = setInterval(() => renew(file, owner), HEARTBEAT_MS);
  heartbeat.unref();
  return () => {
    clearInterval(heartbeat);
    removeOwn(file, owner);
  };
}

function renew(file: string, owner: string): void {
  const now = new Date();
  if (lockFileOwner(file) === owner) utimesSync(file, now, now);
}

/** After a long sleep of the machine the lock may be another's. */
function removeOwn(file: string, owner: string): void {
  if (lockFileOwner(file) === owner) rmSync(file, { force: true });
}
