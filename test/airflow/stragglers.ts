import { readdirSync, readlinkSync } from 'node:fs';

const PASSES = 20;

/**
 * Ends all processes that work in this directory. Airflow puts some of its processes into groups and sessions of
 * their own and renames them: they outlive an abrupt end of their parents and cannot be found in another way.
 */
export function killStragglers(workingDirectory: string): void {
  // One of them may start another while they are listed.
  for (let pass = 0; pass < PASSES; pass += 1) {
    const processes = processesIn(workingDirectory);
    if (processes.length === 0) return;
    for (const pid of processes) kill(pid);
  }
}

/** On Linux; empty on systems without /proc. */
function processesIn(directory: string): number[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && workingDirectoryOf(name) === directory)
    .map(Number);
}

function workingDirectoryOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
