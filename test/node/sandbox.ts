import { basename, join } from 'node:path';
import { type ManagedProcess, type ProcessOptions, startProcess } from '../support/processes.ts';
import { type CommandResult, runCommand } from '../support/runCommand.ts';
import {
  type IsReady,
  type ReadyOptions,
  startReadyProcess,
  waitUntilReady,
} from '../support/waitUntilReady.ts';
import { freeNetwork, linkNamespace, type Network } from './network.ts';

/**
 * Namespaces for processes, mounts and the network, in which a node leaves this machine as it is: interfaces, packet
 * filter and mounts end with them, and so does every process, pods included, when their first one ends.
 */
export interface Sandbox {
  readonly network: Network;
  start(options: ProcessOptions, isReady: IsReady, ready: ReadyOptions): Promise<ManagedProcess>;
  run(command: string, args: readonly string[], timeoutMs?: number): Promise<CommandResult>;
  stop(): Promise<void>;
}

/** The first process, `init`, has to ask for the ends of orphans, and to end by a signal. */
export async function startSandbox(init: string, directory: string): Promise<Sandbox> {
  const first = await startProcess({
    command: 'unshare',
    args: ['--fork', '--kill-child', '--pid', '--mount', '--mount-proc', '--net', init],
    logFile: join(directory, 'sandbox.log'),
    name: 'the first process of the node',
    graceMs: 500,
  });
  const entry = entryOf(first.pid);
  try {
    await waitUntilReady(first, () => isInit(entry, init), { timeoutMs: 10_000 });
    const network = await freeNetwork();
    await linkNamespace(network, first.pid);
    return sandboxOf(first, entry, network);
  } catch (error) {
    await first.stop();
    throw error;
  }
}

function sandboxOf(first: ManagedProcess, entry: readonly string[], network: Network): Sandbox {
  function inside(options: ProcessOptions): ProcessOptions {
    const { command, args = [], name = basename(command) } = options;
    return { ...options, name, command: 'nsenter', args: [...entry, command, ...args] };
  }

  return {
    network,
    start: (options, isReady, ready) => startReadyProcess(inside(options), isReady, ready),
    run: (command, args, timeoutMs) => runCommand('nsenter', [...entry, command, ...args], { timeoutMs }),
    stop: () => first.stop(),
  };
}

/** The process itself stays in this machine's process namespace; only its children are in the new one. */
function entryOf(pid: number): string[] {
  const namespaces = `/proc/${pid}/ns`;
  return [
    `--net=${namespaces}/net`,
    `--mount=${namespaces}/mnt`,
    `--pid=${namespaces}/pid_for_children`,
    '--',
  ];
}

async function isInit(entry: readonly string[], init: string): Promise<boolean> {
  const { stdout } = await runCommand('nsenter', [...entry, 'cat', '/proc/1/comm']);
  return stdout.trim() === basename(init);
}
