import { join } from 'node:path';
import { cacheDirectory } from '../support/cacheDirectory.ts';
import { withLock } from '../support/lock.ts';
import { type CommandResult, runCommand } from '../support/runCommand.ts';

const TEN_MINUTES = 600_000;
/** One build makes about 15. */
const MOST_IMAGES = 60;

/** A buildah whose images are in the user's cache; one at a time. */
export async function buildah(args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await tryBuildah(args);
  if (exitCode !== 0) throw new Error(`buildah ${args.join(' ')} ended with ${exitCode}: ${stdout}${stderr}`);
  return stdout;
}

export async function hasImage(name: string): Promise<boolean> {
  return (await tryBuildah(['inspect', '--type', 'image', name])).exitCode === 0;
}

/** What builds keep for the next ones, which grows with every change of the sources. */
export async function limitBuildCache(): Promise<void> {
  const images = (await buildah(['images', '--all', '--quiet'])).split('\n');
  if (images.length > MOST_IMAGES) await buildah(['rmi', '--prune', '--force']);
}

function tryBuildah(args: readonly string[]): Promise<CommandResult> {
  const store = cacheDirectory('buildah');
  const places = ['--root', join(store, 'images'), '--runroot', join(store, 'run')];
  const all = [...places, '--storage-driver', 'overlay', ...args];
  return withLock(join(store, 'lock'), () => runCommand('buildah', all, { timeoutMs: TEN_MINUTES }));
}
