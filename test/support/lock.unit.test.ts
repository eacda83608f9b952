import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { withLock } from './lock.ts';
import { temporaryDirectory } from './temporaryDirectory.ts';

const NO_PROCESS = 2 ** 30;

function temporaryLockFile(): string {
  const directory = temporaryDirectory('lock-test');
  onTestFinished(() => directory.remove());
  return join(directory.path, 'lock');
}

test('only one holder at a time', async () => {
  const file = temporaryLockFile();
  let holders = 0;
  async function hold(): Promise<number> {
    holders += 1;
    await sleep(20);
    return holders--;
  }
  expect(await Promise.all([1, 2, 3].map(() => withLock(file, hold)))).toEqual([1, 1, 1]);
  expect(existsSync(file)).toBe(false);
});

test('is free again after a failure', async () => {
  const file = temporaryLockFile();
  await expect(withLock(file, () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
  expect(await withLock(file, () => Promise.resolve('done'))).toBe('done');
});

test('is taken over from a process that died', async () => {
  const file = temporaryLockFile();
  writeFileSync(file, `${hostname()} ${NO_PROCESS} x`);
  expect(await withLock(file, () => Promise.resolve('done'), { timeoutMs: 0 })).toBe('done');
});

test('is taken over from another machine that no longer renews it', async () => {
  const file = temporaryLockFile();
  writeFileSync(file, 'elsewhere 1 x');
  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(file, longAgo, longAgo);
  expect(await withLock(file, () => Promise.resolve('done'), { timeoutMs: 0 })).toBe('done');
});

test('names the owner that it waited for in vain', async () => {
  const file = temporaryLockFile();
  writeFileSync(file, 'elsewhere 1 x');
  const onWait = vi.fn();
  const waiting = withLock(file, () => Promise.resolve(), { timeoutMs: 0, onWait });
  await expect(waiting).rejects.toThrow('elsewhere 1 x');
  expect(onWait).toHaveBeenCalledWith('elsewhere 1 x');
});
