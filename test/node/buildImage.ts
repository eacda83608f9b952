import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../support/cacheDirectory.ts';
import { withLock } from '../support/lock.ts';
import type { Progress } from '../support/progress.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';
import { buildah, hasImage } from './buildah.ts';

const SUITE = 'bookworm';
const MIRROR = 'http://deb.debian.org/debian';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const TEN_MINUTES = 600_000;
/** The Node.js of this project's own dependencies. */
const NODE = join(import.meta.dirname, '..', '..', 'node_modules', 'node', 'bin', 'node');

/**
 * Name of an image that the Dockerfile can take for its BUILD_IMAGE, made of Debian's packages and of this machine's npm
 * unless that was done before: `node:24-bookworm-slim` cannot be had without a registry.
 */
export async function ensureBuildImage(progress: Progress): Promise<string> {
  const node = (await runCommandOrThrow(NODE, ['--version'])).trim();
  const npm = (await runCommandOrThrow('npm', ['--version'], { cwd: '/' })).trim();
  const name = `localhost/build-base:${node}-npm${npm}`;
  if (!(await hasImage(name))) {
    await progress.step('making an image to build with', () => makeImage(name, progress), 45);
  }
  return name;
}

async function makeImage(name: string, progress: Progress): Promise<void> {
  const debian = await ensureDebian(progress);
  const root = `${debian}-with-node`;
  await withLock(`${root}.lock`, async () => {
    rmSync(root, { recursive: true, force: true });
    await runCommandOrThrow('cp', ['--archive', '--reflink=auto', debian, root], { timeoutMs: TEN_MINUTES });
    await addNode(root);
    const dockerfile = `${root}.Dockerfile`;
    writeFileSync(dockerfile, DOCKERFILE);
    await buildah(['bud', '--isolation', 'chroot', '--tag', name, '--file', dockerfile, root]);
    rmSync(root, { recursive: true, force: true });
  });
}

const DOCKERFILE = `
FROM scratch
COPY . /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`;

async function addNode(root: string): Promise<void> {
  const local = join(root, 'usr', 'local');
  const modules = (await runCommandOrThrow('npm', ['root', '--global'], { cwd: '/' })).trim();
  cpSync(NODE, join(local, 'bin', 'node'), { dereference: true });
  mkdirSync(join(local, 'lib', 'node_modules'), { recursive: true });
  cpSync(join(modules, 'npm'), join(local, 'lib', 'node_modules', 'npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin', 'npm'));
}

/** The directory of a minimal Debian. */
async function ensureDebian(progress: Progress): Promise<string> {
  const directory = join(cacheDirectory('debian'), SUITE);
  if (existsSync(directory)) return directory;
  await progress.step(
    'installing a minimal Debian',
    () => withLock(`${directory}.lock`, () => bootstrap(directory)),
    30,
  );
  return directory;
}

async function bootstrap(directory: string): Promise<void> {
  if (existsSync(directory)) return;
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const args = ['--variant=minbase', `--keyring=${KEYRING}`, SUITE, partial, MIRROR];
  await runCommandOrThrow('debootstrap', args, { timeoutMs: TEN_MINUTES });
  // Devices are no files to be copied, and a build has its own.
  for (const name of readdirSync(join(partial, 'dev')))
    rmSync(join(partial, 'dev', name), { recursive: true });
  renameSync(partial, directory);
}
