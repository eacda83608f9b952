import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedProcess } from '../support/processes.ts';
import { startReadyProcess } from '../support/waitUntilReady.ts';
import type { NodeBinaries } from './binaries.ts';
import type { Sandbox } from './sandbox.ts';

export interface ServicesOptions {
  readonly binaries: NodeBinaries;
  readonly directory: string;
  readonly kubeconfig: string;
  readonly nodeName: string;
}

/** Scheduler, service addresses and names. */
export async function startClusterServices(
  sandbox: Sandbox,
  options: ServicesOptions,
): Promise<ManagedProcess[]> {
  mkdirSync(options.directory, { recursive: true });
  return Promise.all([startScheduler(options), startProxy(sandbox, options), startDns(sandbox, options)]);
}

/** It needs nothing of the node, and serves nothing that a test asks for. */
function startScheduler({ binaries, directory, kubeconfig }: ServicesOptions): Promise<ManagedProcess> {
  const args = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'];
  const options = { command: binaries.scheduler, args, logFile: join(directory, 'kube-scheduler.log') };
  return startReadyProcess(options, () => true, { timeoutMs: 10_000 });
}

function startProxy(sandbox: Sandbox, options: ServicesOptions): Promise<ManagedProcess> {
  const { nodeAddress, podRange } = sandbox.network;
  const args = [
    `--kubeconfig=${options.kubeconfig}`,
    `--hostname-override=${options.nodeName}`,
    '--proxy-mode=iptables',
    `--cluster-cidr=${podRange}`,
    `--healthz-bind-address=${nodeAddress}`,
    // Of the whole machine, and not to be changed from a namespace.
    '--conntrack-max-per-core=0',
    '--conntrack-tcp-timeout-established=0s',
    '--conntrack-tcp-timeout-close-wait=0s',
    // Else answers of a pod to one on the same bridge would miss the way back where the kernel does not filter bridges.
    '--masquerade-all',
  ];
  const process = {
    command: options.binaries.proxy,
    args,
    logFile: join(options.directory, 'kube-proxy.log'),
  };
  return sandbox.start(process, () => answers(`http://${nodeAddress}:10256/healthz`), { timeoutMs: 30_000 });
}

function startDns(sandbox: Sandbox, options: ServicesOptions): Promise<ManagedProcess> {
  const { nodeAddress } = sandbox.network;
  const corefile = join(options.directory, 'Corefile');
  const kubernetes = `kubernetes cluster.local in-addr.arpa {\n    kubeconfig ${options.kubeconfig}\n  }`;
  const server = `errors\n  ready ${nodeAddress}:8181\n  ${kubernetes}`;
  writeFileSync(corefile, `.:53 {\n  ${server}\n}\n`);
  const process = {
    command: options.binaries.dns,
    args: ['-conf', corefile],
    logFile: join(options.directory, 'coredns.log'),
  };
  return sandbox.start(process, () => answers(`http://${nodeAddress}:8181/ready`), { timeoutMs: 30_000 });
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}
