import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cacheDirectory } from './cacheDirectory.ts';
import { guardPath } from './leftovers.ts';
import { processIsAlive } from './processTable.ts';

/** Below the range from which systems take the ports of outgoing connections. */
const FIRST = 20_000;
const END = 32_000;
const ATTEMPTS = 200;

/**
 * A free TCP port of 127.0.0.1. It stays reserved for this process until it ends, so a server on it can be stopped
 * and started again, and another run of the tests does not get it in between.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST, END);
    if (!reserve(port)) continue;
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${END}`);
}

function reserve(port: number): boolean {
  const file = join(cacheDirectory('ports'), String(port));
  try {
    if (!ownerIsAlive(file)) rmSync(file, { force: true });
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch {
    return false;
  }
  guardPath(file);
  return true;
}

function ownerIsAlive(file: string): boolean {
  if (!existsSync(file)) return false;
  const owner = Number(readFileSync(file, 'utf8'));
  return owner > 0 && processIsAlive(owner);
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
