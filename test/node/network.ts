import { randomInt } from 'node:crypto';
import { runCommand, runCommandOrThrow } from '../support/runCommand.ts';

/** The addresses of one node: a link between the machine and the node, and a range for pods behind it. */
export interface Network {
  /** Of this machine's end of the link, by which the link is removed. */
  readonly link: string;
  readonly nodeLink: string;
  /** This machine, as node and pods see it. */
  readonly hostAddress: string;
  readonly nodeAddress: string;
  readonly podRange: string;
}

const ATTEMPTS = 20;

/** One whose addresses this machine has no route to yet. */
export async function freeNetwork(): Promise<Network> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const network = networkAt(randomInt(64, 250));
    if (!(await isTaken(network))) return network;
  }
  throw new Error('this machine has routes to all networks that a node could have');
}

function networkAt(second: number): Network {
  return {
    link: `ingestion-${second}`,
    nodeLink: 'uplink',
    hostAddress: `10.${second}.255.1`,
    nodeAddress: `10.${second}.255.2`,
    podRange: `10.${second}.0.0/24`,
  };
}

async function isTaken({ hostAddress, podRange }: Network): Promise<boolean> {
  const { stdout } = await runCommand('ip', ['-4', 'route', 'show', 'root', `${hostAddress}/16`]);
  const { stdout: pods } = await runCommand('ip', ['-4', 'route', 'show', 'root', podRange]);
  return stdout !== '' || pods !== '';
}

/** Links this machine with the namespace of that process; the link goes when the namespace does. */
export async function linkNamespace(network: Network, pid: number): Promise<void> {
  const { link, nodeLink, hostAddress, nodeAddress, podRange } = network;
  await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', nodeLink, 'netns', String(pid));
  await ip('address', 'add', `${hostAddress}/30`, 'dev', link);
  await ip('link', 'set', link, 'up');
  const inside = ['--net', '--target', String(pid), 'ip'];
  await enter(...inside, 'link', 'set', 'lo', 'up');
  await enter(...inside, 'address', 'add', `${nodeAddress}/30`, 'dev', nodeLink);
  await enter(...inside, 'link', 'set', nodeLink, 'up');
  await enter(...inside, 'route', 'add', 'default', 'via', hostAddress);
  await ip('route', 'add', podRange, 'via', nodeAddress);
}

async function ip(...args: readonly string[]): Promise<void> {
  await runCommandOrThrow('ip', args);
}

async function enter(...args: readonly string[]): Promise<void> {
  await runCommandOrThrow('nsenter', args);
}
