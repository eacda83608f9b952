import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './cacheDirectory.ts';
import { describeSeconds } from './describeSeconds.ts';
import { withLock } from './lock.ts';
import { runToEnd } from './processes.ts';
import type { Progress, Report } from './progress.ts';
import { runCommandOrThrow } from './runCommand.ts';

/** Executables that are built from one Go module, whose go.mod and go.sum lock everything. */
export interface GoModule {
  /** Where go.mod is. */
  readonly directory: string;
  /** What is built, for people. */
  readonly title: string;
  /** Name of its directory in the user's cache. */
  readonly cache: string;
  readonly version: string;
  readonly flags: readonly string[];
  /** By name, in the order of their builds: the package, and its seconds with two cores and an empty build cache. */
  readonly executables: Readonly<Record<string, { readonly source: string; readonly usualSeconds: number }>>;
}

/** The version that go.mod requires of a module. */
export function requiredVersion(directory: string, module: string): string {
  const lines = readFileSync(join(directory, 'go.mod'), 'utf8').split('\n');
  const version = lines.map((line) => line.trim().split(' ')).find(([name]) => name === module)?.[1];
  if (version === undefined) throw new Error(`go.mod does not require ${module}`);
  return version;
}

/** Builds the executables unless that was done before, and returns the directory that they are in. */
export async function ensureGoBinaries(module: GoModule, progress: Progress): Promise<string> {
  const directory = join(cacheDirectory(module.cache), await sourceKey(module));
  if (!existsSync(directory)) {
    const seconds = Object.values(module.executables).reduce(
      (sum, { usualSeconds }) => sum + usualSeconds,
      0,
    );
    await progress.step(
      `building ${module.title}`,
      (report) => buildOnce(module, directory, report),
      seconds,
    );
  }
  return directory;
}

function buildOnce(module: GoModule, directory: string, report: Report): Promise<void> {
  return withLock(`${directory}.lock`, () => buildUnlessThere(module, directory, report), {
    onWait: (owner) => report(`waiting for the build of another run, ${owner}`),
  });
}

async function buildUnlessThere(module: GoModule, directory: string, report: Report): Promise<void> {
  if (existsSync(directory)) return;
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  // One after the other: they share most packages, and each build uses all cores by itself.
  for (const [name, { source, usualSeconds }] of Object.entries(module.executables)) {
    report(`${name}, usually ${describeSeconds(usualSeconds)}`);
    await runToEnd({
      name: `go build of ${name}`,
      command: 'go',
      args: ['build', ...module.flags, '-o', join(partial, name), source],
      cwd: module.directory,
      logFile: join(partial, `${name}.build.log`),
    });
  }
  renameSync(partial, directory);
}

/** A name for all that determines the executables. */
async function sourceKey({ directory, version, flags }: GoModule): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await goVersion(directory));
  hash.update(JSON.stringify([process.platform, process.arch, flags]));
  for (const file of globSync(['go.mod', 'go.sum', 'cmd/*/*.go'], { cwd: directory }).toSorted()) {
    hash.update(file).update(readFileSync(join(directory, file)));
  }
  return `${version}-${hash.digest('hex').slice(0, 16)}`;
}

async function goVersion(directory: string): Promise<string> {
  try {
    return await runCommandOrThrow('go', ['env', 'GOVERSION'], { cwd: directory });
  } catch (error) {
    throw new Error('parts of the tests are built with Go, 1.26 or newer, which was not found', {
      cause: error,
    });
  }
}
