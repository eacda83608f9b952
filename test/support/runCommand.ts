import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { guardGroup, prepareGuard, releaseGroup } from './leftovers.ts';
import { signalGroup } from './signalGroup.ts';

export interface CommandOptions {
  /** The whole environment; that of this process when left out. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stdin?: string;
  /** It is killed after this; 60 s when left out. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** -1 when a signal ended it, as after a timeout. */
  readonly exitCode: number;
}

/** Runs a short command to its end; a failure is a result, too. Rejects only when it cannot be started. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd, env } = options;
  prepareGuard();
  const child = spawn(command, args, { cwd, env, detached: true, stdio: 'pipe' });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? -1));
  });
  // A command that ends without reading its input is no failure of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  return guarded(child.pid, options.timeoutMs ?? 60_000, async () => {
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { stdout, stderr, exitCode };
  });
}

/** Runs a short command; throws what it wrote to standard error when it fails, else returns its standard output. */
export async function runCommandOrThrow(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(command, args, options);
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return stdout;
}

async function guarded<T>(pid: number | undefined, timeoutMs: number, action: () => Promise<T>): Promise<T> {
  if (pid === undefined) return action();
  guardGroup(pid);
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), timeoutMs);
  try {
    return await action();
  } finally {
    clearTimeout(timer);
    releaseGroup(pid);
  }
}
