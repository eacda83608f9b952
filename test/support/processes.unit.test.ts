import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from './eventually.ts';
import { isGuarded } from './leftovers.ts';
import { processIsAlive } from './processTable.ts';
import { type ManagedProcess, runToEnd, startProcess } from './processes.ts';
import { temporaryDirectory } from './temporaryDirectory.ts';
import { startReadyProcess } from './waitUntilReady.ts';

/** A shell with a child of its own; both numbers go to the log. */
const TREE = 'sleep 60 & echo "$$ $!"; wait';
/** The same, deaf to SIGTERM. */
const STUBBORN_TREE = `trap '' TERM; ${TREE}`;

function temporaryLog(): string {
  const directory = temporaryDirectory('processes-test');
  onTestFinished(() => directory.remove());
  return join(directory.path, 'child.log');
}

function startShell(script: string, graceMs?: number): Promise<ManagedProcess> {
  return startProcess({ command: 'sh', args: ['-c', script], logFile: temporaryLog(), graceMs });
}

function pidsIn(logFile: string): Promise<number[]> {
  return eventually(() => {
    const pids = readFileSync(logFile, 'utf8').trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    return pids;
  });
}

async function expectGone(pids: readonly number[]): Promise<void> {
  await eventually(() => expect(pids.filter(processIsAlive)).toEqual([]), { timeoutMs: 3_000 });
}

/** A process that starts the tree and then does as told. */
async function startParent(
  then: string,
): Promise<{ pids: number[]; ended: Promise<unknown[]>; pid: number }> {
  const logFile = temporaryLog();
  const script = `
    import { startProcess } from ${JSON.stringify(import.meta.resolve('./processes.ts'))};
    await startProcess({ command: 'sh', args: ['-c', ${JSON.stringify(TREE)}], logFile: process.argv[1] });
    ${then}`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script, logFile], { stdio: 'ignore' });
  const ended = once(parent, 'exit');
  return { pids: await pidsIn(logFile), ended, pid: parent.pid ?? 0 };
}

describe('a managed process', () => {
  test('is stopped with its own children', async () => {
    const child = await startShell(TREE);
    const pids = await pidsIn(child.logFile);
    await child.stop();
    expect(child.isRunning()).toBe(false);
    await expectGone(pids);
  });

  test('is killed when it does not listen to SIGTERM', async () => {
    const child = await startShell(STUBBORN_TREE, 100);
    const pids = await pidsIn(child.logFile);
    await child.stop();
    expect(await child.ended).toBe('SIGKILL');
    await expectGone(pids);
  });

  test('may be stopped again', async () => {
    const child = await startShell('exit 3');
    expect(await child.ended).toBe(3);
    await child.stop();
    await child.stop();
  });

  test('is no longer guarded when what outlived its leader has ended, as its number may be given to another', async () => {
    const child = await startShell('sleep 1 & exit 0');
    expect(await child.ended).toBe(0);
    expect(isGuarded(child.pid)).toBe(true);
    await eventually(() => expect(isGuarded(child.pid)).toBe(false), { timeoutMs: 5_000 });
  });

  test('shows the end of its log when it fails', async () => {
    const options = { command: 'sh', args: ['-c', 'echo the reason; exit 1'], logFile: temporaryLog() };
    await expect(runToEnd(options)).rejects.toThrow(/sh ended with 1[^]*the reason/);
    await expect(startReadyProcess(options, () => false, { timeoutMs: 5_000 })).rejects.toThrow('the reason');
  });

  test('is stopped when it does not become ready in time', async () => {
    const options = { command: 'sh', args: ['-c', TREE], logFile: temporaryLog() };
    await expect(startReadyProcess(options, () => false, { timeoutMs: 300 })).rejects.toThrow('not ready');
    await expectGone(await pidsIn(options.logFile));
  });

  test('that does not exist is an error', async () => {
    const options = { command: 'no-such-command-here', logFile: temporaryLog() };
    await expect(startProcess(options)).rejects.toThrow('ENOENT');
  });
});

describe('the end of the parent', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'by %s ends its children',
    async (signal) => {
      const parent = await startParent('');
      process.kill(parent.pid, signal);
      expect(await parent.ended).toEqual([null, signal]);
      await expectGone(parent.pids);
    },
  );

  test.each([
    ['an uncaught exception', 'setTimeout(() => { throw new Error("boom"); }, 200);', 1],
    ['an exit of its own', 'setTimeout(() => process.exit(0), 200);', 0],
  ])('by %s ends its children', async (_cause, then, exitCode) => {
    const parent = await startParent(then);
    expect(await parent.ended).toEqual([exitCode, null]);
    await expectGone(parent.pids);
  });
});
