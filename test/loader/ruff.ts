import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findInterpreter, type Interpreter } from '../airflow/interpreter.ts';
import { ensureUv } from '../airflow/uv.ts';
import { cacheDirectory } from '../support/cacheDirectory.ts';
import { withLock } from '../support/lock.ts';
import { PYTHONS, REQUIREMENTS } from './files.ts';

/** The ruff of the locked version, installed on first use; returns its path. */
export async function ensureRuff(): Promise<string> {
  const version = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const directory = join(cacheDirectory('ruff'), version);
  if (!isComplete(directory)) {
    const interpreter = await findInterpreter('ruff', PYTHONS);
    await withLock(`${directory}.lock`, () => install(interpreter, directory));
  }
  return join(directory, 'bin', 'ruff');
}

function isComplete(directory: string): boolean {
  return existsSync(join(directory, 'complete'));
}

async function install(interpreter: Interpreter, directory: string): Promise<void> {
  if (isComplete(directory)) return;
  rmSync(directory, { recursive: true, force: true });
  const uv = await ensureUv(interpreter);
  await uv(['venv', '--quiet', '--python', interpreter.path, directory]);
  const python = join(directory, 'bin', 'python');
  await uv(['pip', 'install', '--quiet', '--python', python, '--requirement', REQUIREMENTS]);
  writeFileSync(join(directory, 'complete'), '');
}
