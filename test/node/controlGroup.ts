import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { guardControlGroup, releaseControlGroup } from '../support/leftovers.ts';
import { removeControlGroup } from '../support/removeLeftovers.ts';

const ROOT = '/sys/fs/cgroup';

/** A control group for all pods of a node. */
export interface ControlGroup {
  /** Below the root of each hierarchy. */
  readonly name: string;
  /** The numbers, in this process's namespace, of the processes of a container. */
  processesOf(containerId: string): number[];
  /** After its processes have ended. */
  remove(): void;
}

export function createControlGroup(name: string): ControlGroup {
  const directories = hierarchies().map((hierarchy) => join(hierarchy, name));
  for (const directory of directories) {
    guardControlGroup(directory);
    mkdirSync(directory, { recursive: true });
  }
  return {
    name,
    processesOf: (containerId) => processesIn(directories, containerId),
    remove() {
      for (const directory of directories) {
        removeControlGroup(directory);
        releaseControlGroup(directory);
      }
    },
  };
}

/** One in version 2; before, one for each controller, and often one of version 2 beside them; some may be links to others. */
function hierarchies(): string[] {
  if (existsSync(join(ROOT, 'cgroup.controllers'))) return [ROOT];
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(ROOT, entry.name));
}

function processesIn(directories: readonly string[], containerId: string): number[] {
  for (const directory of directories) {
    const found = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find(
      (path) => basename(path) === containerId,
    );
    if (found === undefined) continue;
    const numbers = readFileSync(join(directory, found, 'cgroup.procs'), 'utf8').trim();
    return numbers === '' ? [] : numbers.split('\n').map(Number);
  }
  return [];
}
