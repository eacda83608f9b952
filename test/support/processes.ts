import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileTail } from './fileTail.ts';
import { guardGroup, isGuarded, prepareGuard, releaseGroup } from './leftovers.ts';
import { groupIsAlive } from './processTable.ts';
import { signalGroup } from './signalGroup.ts';

const LOOK_MS = 500;

export interface ProcessOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** The whole environment of the child; that of this process when left out. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Receives standard output and standard error; appended to. */
  readonly logFile: string;
  /** For messages; the command's base name when left out. */
  readonly name?: string;
  /** How long `stop` waits between SIGTERM and SIGKILL; 5 s when left out. */
  readonly graceMs?: number;
}

export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Fulfilled when it ends, with its exit code, or with the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  isRunning(): boolean;
  /** SIGTERM to the whole process group, SIGKILL after the grace. May be called again, and on one that ended. */
  stop(): Promise<void>;
}

/** Starts a child in a process group of its own; it never outlives this process. */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  prepareGuard();
  const child = spawnWithLog(options);
  const { pid } = child;
  if (pid !== undefined) guardGroup(pid);
  const ended = endOf(child);
  await once(child, 'spawn');
  if (pid === undefined) throw new Error(`${options.command} has no process id`);
  void ended.then(() => releaseWhenGone(pid));
  return {
    name: options.name ?? basename(options.command),
    pid,
    logFile: options.logFile,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: () => stopGroup(pid, ended, options.graceMs ?? 5_000),
  };
}

/** Starts a child and waits for its end; throws with the tail of its log when it fails. */
export async function runToEnd(options: ProcessOptions): Promise<void> {
  const started = await startProcess(options);
  const result = await started.ended;
  if (result !== 0) throw new Error(describeFailure(started, `ended with ${result}`));
}

/** One text of what went wrong with a child and of the end of its log. */
export function describeFailure(child: ManagedProcess, what: string): string {
  return `${child.name} ${what}. The end of ${child.logFile}:\n${fileTail(child.logFile)}`;
}

function spawnWithLog(options: ProcessOptions): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  try {
    const { cwd, env } = options;
    return spawn(options.command, options.args ?? [], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 1));
  });
}

/** What is left of a group may outlive its leader; its number goes to another soon after the last one has ended. */
async function releaseWhenGone(leader: number): Promise<void> {
  while (isGuarded(leader) && !forgetWhenGone(leader)) await sleep(LOOK_MS, undefined, { ref: false });
}

function forgetWhenGone(leader: number): boolean {
  if (groupIsAlive(leader)) return false;
  releaseGroup(leader);
  return true;
}

async function stopGroup(leader: number, ended: Promise<unknown>, graceMs: number): Promise<void> {
  // Its number may belong to somebody else by now.
  if (!isGuarded(leader)) return;
  signalGroup(leader, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (!forgetWhenGone(leader)) {
    if (Date.now() > deadline) break;
    await sleep(20);
  }
  signalGroup(leader, 'SIGKILL');
  await ended;
  releaseGroup(leader);
}
