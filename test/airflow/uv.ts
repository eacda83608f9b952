import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../support/cacheDirectory.ts';
import { withLock } from '../support/lock.ts';
import { runCommand, runCommandOrThrow } from '../support/runCommand.ts';
import { uvEnvironment } from './pipConfiguration.ts';
import type { Interpreter } from './interpreter.ts';

const TEN_MINUTES = 600_000;
const UV = 'uv>=0.5,<1';

/** A way to call uv, which installs in seconds what takes pip minutes. */
export type Uv = (args: readonly string[]) => Promise<string>;

/** The uv of this machine or, where it has none, one from the Python index in the cache. */
export async function ensureUv(interpreter: Interpreter): Promise<Uv> {
  if (await isInstalled()) return uvAt('uv', process.env);
  const directory = join(cacheDirectory('uv'), interpreter.version);
  await withLock(`${directory}.lock`, () => install(interpreter, directory));
  return uvAt(join(directory, 'bin', 'uv'), await uvEnvironment(join(directory, 'bin', 'python')));
}

function uvAt(command: string, env: NodeJS.ProcessEnv): Uv {
  return (args) => runCommandOrThrow(command, args, { env, timeoutMs: TEN_MINUTES });
}

async function isInstalled(): Promise<boolean> {
  try {
    return (await runCommand('uv', ['--version'])).exitCode === 0;
  } catch {
    return false;
  }
}

async function install(interpreter: Interpreter, directory: string): Promise<void> {
  const marker = join(directory, 'complete');
  if (existsSync(marker)) return;
  rmSync(directory, { recursive: true, force: true });
  await createVirtualEnvironment(interpreter, directory);
  const python = join(directory, 'bin', 'python');
  await runCommandOrThrow(python, ['-m', 'pip', 'install', '--quiet', UV], { timeoutMs: TEN_MINUTES });
  writeFileSync(marker, '');
}

async function createVirtualEnvironment(interpreter: Interpreter, directory: string): Promise<void> {
  const { exitCode, stdout, stderr } = await runCommand(interpreter.path, ['-m', 'venv', directory]);
  if (exitCode === 0) return;
  // Debian has it in a package of its own, which Python then names in its answer.
  throw new Error(`${interpreter.path} makes no virtual environment; install uv, or see: ${stdout}${stderr}`);
}
