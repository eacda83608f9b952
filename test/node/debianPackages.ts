import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../support/progress.ts';
import { runCommand } from '../support/runCommand.ts';
import { withoutServiceStarts } from './serviceStarts.ts';

/** What a node is made with, as an executable or as a file, and the package that brings it. */
const PACKAGES: Readonly<Record<string, string>> = {
  containerd: 'containerd',
  runc: 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  iptables: 'iptables',
  conntrack: 'conntrack',
  buildah: 'buildah',
  debootstrap: 'debootstrap',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
  ip: 'iproute2',
  nsenter: 'util-linux',
};
const TEN_MINUTES = 600_000;

/** Installs what is missing; returns one sentence of why there can be no node, or nothing. */
export async function ensureDebianPackages(progress: Progress): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (process.getuid?.() !== 0) return 'it needs the superuser, who alone may make namespaces and mounts';
  const missing = missingPackages();
  if (missing.length === 0) return undefined;
  if (!isThere('apt-get')) return `it needs ${missing.join(', ')}, and there is no apt-get to install them`;
  return progress.step(`installing ${missing.join(', ')}`, () => install(missing), 30);
}

async function install(packages: readonly string[]): Promise<string | undefined> {
  await aptGet('update');
  // A container engine of another origin must not be replaced by Debian's parts of it.
  const options = ['--yes', '--no-install-recommends', '--no-remove'];
  const said = await withoutServiceStarts(() => aptGet('install', ...options, ...packages));
  const missing = missingPackages();
  return missing.length === 0 ? undefined : `it needs ${missing.join(', ')}; apt-get says: ${said}`;
}

function missingPackages(): string[] {
  const missing = Object.entries(PACKAGES).filter(([name]) => !isThere(name));
  return [...new Set(missing.map(([, name]) => name))];
}

function isThere(name: string): boolean {
  const directories = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin');
  return existsSync(name) || directories.some((directory) => existsSync(join(directory, name)));
}

async function aptGet(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { stderr } = await runCommand('apt-get', args, { env, timeoutMs: TEN_MINUTES });
  return stderr;
}
