import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../support/cacheDirectory.ts';
import { withLock } from '../support/lock.ts';
import type { Progress, Report } from '../support/progress.ts';
import type { Generation } from './generations.ts';
import { findInterpreter, type Interpreter } from './interpreter.ts';
import { ensureUv } from './uv.ts';

/** A few packages come as source only and do not build with every later setuptools. */
const BUILD_CONSTRAINTS = fileURLToPath(import.meta.resolve('./requirements/build-constraints.txt'));

/** An installed Airflow with the plugin, shared by all runs on this machine. */
export interface AirflowEnvironment {
  readonly generation: Generation;
  /** Three numbers. */
  readonly pythonVersion: string;
  /** Its place in the cache; `bin` is below it. */
  readonly directory: string;
  readonly bin: string;
}

/** Installs the generation's locked packages, unless that was done before. */
export async function ensureAirflowEnvironment(
  generation: Generation,
  progress: Progress,
): Promise<AirflowEnvironment> {
  const title = `Airflow ${generation.airflow} with OpenMetadata ${generation.openMetadata}`;
  const interpreter = await findInterpreter(title, generation.pythons);
  const environment = describe(generation, interpreter);
  if (isComplete(environment)) return environment;
  await progress.step(`installing ${title}`, (report) => installLocked(environment, interpreter, report), 90);
  return environment;
}

function describe(generation: Generation, interpreter: Interpreter): AirflowEnvironment {
  const name = `${generation.airflow}-python${interpreter.version}-${fingerprint(generation, interpreter)}`;
  const directory = join(cacheDirectory('airflow'), name);
  return { generation, directory, pythonVersion: interpreter.version, bin: join(directory, 'bin') };
}

function fingerprint(generation: Generation, interpreter: Interpreter): string {
  const hash = createHash('sha256').update(readFileSync(generation.lockFile));
  return hash.update(`${interpreter.path} ${interpreter.version}`).digest('hex').slice(0, 12);
}

/** The interpreter is a link that breaks when the Python it was made of is removed. */
function isComplete({ directory, bin }: AirflowEnvironment): boolean {
  return existsSync(join(directory, 'complete')) && existsSync(join(bin, 'python'));
}

async function installLocked(
  environment: AirflowEnvironment,
  interpreter: Interpreter,
  report: Report,
): Promise<void> {
  await withLock(`${environment.directory}.lock`, () => install(environment, interpreter, report), {
    onWait: (owner) => report(`waiting for ${owner}`),
  });
}

async function install(
  environment: AirflowEnvironment,
  interpreter: Interpreter,
  report: Report,
): Promise<void> {
  if (isComplete(environment)) return;
  rmSync(environment.directory, { recursive: true, force: true });
  report('uv');
  const uv = await ensureUv(interpreter);
  await uv(['venv', '--quiet', '--python', interpreter.path, environment.directory]);
  report('packages');
  const python = ['--python', join(environment.bin, 'python')];
  const locked = ['--requirement', environment.generation.lockFile, '--build-constraints', BUILD_CONSTRAINTS];
  await uv(['pip', 'install', '--quiet', ...python, ...locked]);
  writeFileSync(join(environment.directory, 'complete'), '');
}
