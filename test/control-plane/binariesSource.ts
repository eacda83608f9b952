import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandOrThrow } from '../support/runCommand.ts';

/** The Go module that the executables are built from. */
export const MODULE_DIRECTORY = join(import.meta.dirname, 'binaries');

const KUBERNETES_VERSION = requiredVersion('k8s.io/kubernetes');

// Without a stamped version kubectl cannot parse its own.
export const BUILD_FLAGS: readonly string[] = [
  '-trimpath',
  '-buildvcs=false',
  '-ldflags',
  ['-s', '-w', ...versionStamps(KUBERNETES_VERSION)].join(' '),
];

/** A name for all that determines the executables. */
export async function sourceKey(): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await goVersion());
  hash.update(JSON.stringify([process.platform, process.arch, BUILD_FLAGS]));
  for (const file of globSync(['go.mod', 'go.sum', 'cmd/*/*.go'], { cwd: MODULE_DIRECTORY }).toSorted()) {
    hash.update(file).update(readFileSync(join(MODULE_DIRECTORY, file)));
  }
  return `${KUBERNETES_VERSION}-${hash.digest('hex').slice(0, 16)}`;
}

async function goVersion(): Promise<string> {
  try {
    return await runCommandOrThrow('go', ['env', 'GOVERSION'], { cwd: MODULE_DIRECTORY });
  } catch (error) {
    throw new Error('the test control plane is built with Go, 1.24 or newer, which was not found', {
      cause: error,
    });
  }
}

function requiredVersion(module: string): string {
  const lines = readFileSync(join(MODULE_DIRECTORY, 'go.mod'), 'utf8').split('\n');
  const version = lines.map((line) => line.trim().split(' ')).find(([name]) => name === module)?.[1];
  if (version === undefined) throw new Error(`go.mod does not require ${module}`);
  return version;
}

function versionStamps(version: string): string[] {
  const [major, minor] = version.replace('v', '').split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}
