import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../support/cacheDirectory.ts';
import { describeSeconds } from '../support/describeSeconds.ts';
import { withLock } from '../support/lock.ts';
import { runToEnd } from '../support/processes.ts';
import type { Progress, Report } from '../support/progress.ts';
import { BUILD_FLAGS, MODULE_DIRECTORY, sourceKey } from './binariesSource.ts';

/** Paths of the executables. */
export interface Binaries {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly kubectl: string;
}

/** In the order of their builds, with the seconds that each takes with two cores and an empty build cache. */
const USUAL_SECONDS = { etcd: 60, 'kube-apiserver': 180, 'kube-controller-manager': 45, kubectl: 30 };
const ALL_SECONDS = Object.values(USUAL_SECONDS).reduce((sum, seconds) => sum + seconds);

/** The control plane's executables, built from their Go modules unless that was done before. */
export async function ensureControlPlaneBinaries(progress: Progress): Promise<Binaries> {
  const directory = join(cacheDirectory('control-plane'), await sourceKey());
  if (!existsSync(directory)) {
    await progress.step('building the control plane', (report) => buildOnce(directory, report), ALL_SECONDS);
  }
  return {
    etcd: join(directory, 'etcd'),
    apiServer: join(directory, 'kube-apiserver'),
    controllerManager: join(directory, 'kube-controller-manager'),
    kubectl: join(directory, 'kubectl'),
  };
}

function buildOnce(directory: string, report: Report): Promise<void> {
  return withLock(`${directory}.lock`, () => buildUnlessThere(directory, report), {
    onWait: (owner) => report(`waiting for the build of another run, ${owner}`),
  });
}

async function buildUnlessThere(directory: string, report: Report): Promise<void> {
  if (existsSync(directory)) return;
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  // One after the other: they share most packages, and each build uses all cores by itself.
  for (const [name, seconds] of Object.entries(USUAL_SECONDS)) {
    report(`${name}, usually ${describeSeconds(seconds)}`);
    await build(name, partial);
  }
  renameSync(partial, directory);
}

async function build(name: string, directory: string): Promise<void> {
  await runToEnd({
    name: `go build of ${name}`,
    command: 'go',
    args: ['build', ...BUILD_FLAGS, '-o', join(directory, name), `./cmd/${name}`],
    cwd: MODULE_DIRECTORY,
    logFile: join(directory, `${name}.build.log`),
  });
}
