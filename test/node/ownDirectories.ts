import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { guardPath, releasePath } from '../support/leftovers.ts';
import { removeTree } from '../support/removeLeftovers.ts';
import type { Sandbox } from './sandbox.ts';

/** Where containerd and the kubelet write whatever they are told. */
const DIRECTORIES = ['/run', '/var/log', '/var/lib/kubelet'];

/** Gives a sandbox directories of its own in these places; returns how to remove what had to be made for it. */
export async function giveOwnDirectories(sandbox: Sandbox, directory: string): Promise<() => void> {
  const made = DIRECTORIES.filter((path) => !existsSync(path));
  for (const path of made) {
    guardPath(path);
    mkdirSync(path, { recursive: true });
  }
  for (const path of DIRECTORIES) {
    const own = join(directory, path);
    mkdirSync(own, { recursive: true });
    const { exitCode, stderr } = await sandbox.run('mount', ['--bind', own, path]);
    if (exitCode !== 0) throw new Error(`mount at ${path}: ${stderr}`);
  }
  return () => {
    for (const path of made) {
      removeTree(path);
      releasePath(path);
    }
  };
}
