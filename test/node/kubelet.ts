import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedProcess } from '../support/processes.ts';
import type { Sandbox } from './sandbox.ts';

export interface KubeletOptions {
  readonly executable: string;
  readonly directory: string;
  readonly kubeconfig: string;
  /** Of those who may ask it. */
  readonly authorityCertificate: string;
  readonly runtimeSocket: string;
  readonly controlGroup: string;
  readonly nodeName: string;
}

/** How soon a changed ConfigMap is seen in a pod; the kubelet's own is a minute. */
const SYNC = '10s';

export function startKubelet(sandbox: Sandbox, options: KubeletOptions): Promise<ManagedProcess> {
  const { executable, directory, kubeconfig, nodeName } = options;
  const { nodeAddress } = sandbox.network;
  mkdirSync(directory, { recursive: true });
  const configuration = join(directory, 'kubelet.json');
  writeFileSync(configuration, JSON.stringify(configurationOf(sandbox, options)));
  const args = [
    `--config=${configuration}`,
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${nodeName}`,
    `--node-ip=${nodeAddress}`,
    `--cert-dir=${join(directory, 'certificates')}`,
  ];
  const process = { command: executable, args, logFile: join(directory, 'kubelet.log') };
  const health = `http://${nodeAddress}:10248/healthz`;
  return sandbox.start(process, async () => (await fetch(health)).ok, { timeoutMs: 60_000 });
}

function configurationOf({ network }: Sandbox, options: KubeletOptions): object {
  const { directory } = options;
  const resolvConf = join(directory, 'resolv.conf');
  writeFileSync(resolvConf, `nameserver ${network.nodeAddress}\n`);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: options.authorityCertificate },
    },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${options.runtimeSocket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${options.controlGroup}`,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    failCgroupV1: false,
    healthzBindAddress: network.nodeAddress,
    clusterDNS: [network.nodeAddress],
    clusterDomain: 'cluster.local',
    resolvConf,
    syncFrequency: SYNC,
    // Nothing is to be taken away from a test because the machine's disk is nearly full.
    evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
    imageGCHighThresholdPercent: 100,
    volumePluginDir: join(directory, 'volume-plugins'),
  };
}
