import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../support/runCommand.ts';

export interface Interpreter {
  readonly path: string;
  /** Three numbers. */
  readonly version: string;
}

/** The first of these Python versions (`3.11`) that this machine has. */
export async function findInterpreter(purpose: string, versions: readonly string[]): Promise<Interpreter> {
  for (const version of versions) {
    for (const path of candidates(version)) {
      const found = await inspect(path);
      if (found?.version.startsWith(`${version}.`)) return found;
    }
  }
  throw new Error(
    `${purpose} needs Python ${versions.join(' or ')}, and none is on the PATH or in pyenv. ` +
      `Install one, for example with "pyenv install ${versions[0]}", your system's packages or "uv python install ${versions[0]}".`,
  );
}

function candidates(version: string): string[] {
  return [
    ...managedBy(pyenvVersions(), version),
    ...managedBy(uvVersions(), version),
    `python${version}`,
    'python3',
  ];
}

function pyenvVersions(): string {
  return join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
}

function uvVersions(): string {
  return process.env['UV_PYTHON_INSTALL_DIR'] ?? join(homedir(), '.local', 'share', 'uv', 'python');
}

/** The newest patch release first. */
function managedBy(directory: string, version: string): string[] {
  return namesIn(directory)
    .filter((name) => name.startsWith(`${version}.`) || name.startsWith(`cpython-${version}.`))
    .toSorted((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((name) => join(directory, name, 'bin', 'python'));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A file of that name may be a shim that only tells that the version is not selected. */
async function inspect(path: string): Promise<Interpreter | undefined> {
  const script = 'import sys; print(sys.executable, "%d.%d.%d" % sys.version_info[:3])';
  try {
    const { stdout, exitCode } = await runCommand(path, ['-I', '-c', script]);
    const match = /^(?<executable>.+) (?<version>[\d.]+)$/.exec(stdout.trim())?.groups;
    if (exitCode !== 0 || match === undefined) return undefined;
    return { path: match['executable'] ?? path, version: match['version'] ?? '' };
  } catch {
    return undefined;
  }
}
