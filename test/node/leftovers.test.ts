import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { terminalProgress } from '../support/progress.ts';
import { ensureNodeBinaries } from './binaries.ts';
import { ensureDebianPackages } from './debianPackages.ts';

const progress = terminalProgress();
const obstacle = await ensureDebianPackages(progress);

test.skipIf(obstacle !== undefined)(
  'a node leaves nothing when the process that started it is killed',
  { timeout: 600_000 },
  async () => {
    await ensureNodeBinaries(progress);
    const links = linksOfNodes();
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run.ts')], { stdio: 'pipe' });
    const [line] = await once(createInterface(child.stdout), 'line');
    // The kubeconfig is in the directory of the control plane, and that in the one of the node.
    const directory = dirname(dirname(String(line).replace('export KUBECONFIG=', '')));
    expect(processesAt(directory).length).toBeGreaterThan(5);
    expect(controlGroupsOf(directory).length).toBeGreaterThan(0);
    expect(linksOfNodes().length).toBe(links.length + 1);

    child.kill('SIGKILL');
    await eventually(() => {
      expect(processesAt(directory)).toEqual([]);
      expect(controlGroupsOf(directory)).toEqual([]);
      expect(linksOfNodes()).toEqual(links);
      expect(existsSync(directory)).toBe(false);
    });
  },
);

/** Command lines that name it. */
function processesAt(directory: string): string[] {
  const lines = readdirSync('/proc').map((name) => read(join('/proc', name, 'cmdline')));
  return lines.filter((line) => line.includes(directory));
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function controlGroupsOf(directory: string): string[] {
  const name = basename(directory).toLowerCase();
  const root = '/sys/fs/cgroup';
  const hierarchies = ['', ...readdirSync(root)];
  return hierarchies.map((hierarchy) => join(root, hierarchy, name)).filter((path) => existsSync(path));
}

function linksOfNodes(): string[] {
  return readdirSync('/sys/class/net').filter((name) => name.startsWith('ingestion-'));
}
