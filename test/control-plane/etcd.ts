import { join } from 'node:path';
import type { ManagedProcess } from '../support/processes.ts';
import { startReadyProcess } from '../support/waitUntilReady.ts';
import type { PlaneSettings } from './planeSettings.ts';

export function startEtcd(settings: PlaneSettings): Promise<ManagedProcess> {
  const options = {
    command: settings.binaries.etcd,
    args: flags(settings),
    logFile: join(settings.directory, 'etcd.log'),
  };
  return startReadyProcess(options, () => isHealthy(settings.etcdClientUrl), { timeoutMs: 30_000 });
}

function flags(settings: PlaneSettings): string[] {
  return [
    '--name=default',
    `--data-dir=${join(settings.directory, 'etcd')}`,
    `--listen-client-urls=${settings.etcdClientUrl}`,
    `--advertise-client-urls=${settings.etcdClientUrl}`,
    `--listen-peer-urls=${settings.etcdPeerUrl}`,
    `--initial-advertise-peer-urls=${settings.etcdPeerUrl}`,
    `--initial-cluster=default=${settings.etcdPeerUrl}`,
    // The data need not survive a crash of the machine.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

async function isHealthy(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health`);
  return response.ok;
}
