import { join } from 'node:path';
import { freePort } from '../support/freePort.ts';
import type { Binaries } from './binaries.ts';
import { type Certificates, createCertificates } from './certificates.ts';
import { type Cluster, writeKubeconfig } from './kubeconfig.ts';

/** What the processes of one plane have in common; made before any of them starts. */
export interface PlaneSettings {
  readonly binaries: Binaries;
  readonly directory: string;
  readonly etcdClientUrl: string;
  readonly etcdPeerUrl: string;
  readonly apiServerPort: number;
  readonly apiServerFlags: readonly string[];
  readonly cluster: Cluster;
  readonly certificates: Certificates;
  readonly adminKubeconfig: string;
  readonly auditLog: string;
}

export async function preparePlane(
  binaries: Binaries,
  directory: string,
  apiServerFlags: readonly string[],
): Promise<PlaneSettings> {
  const certificates = await createCertificates(join(directory, 'certificates'));
  const apiServerPort = await freePort();
  const cluster = clusterAt(apiServerPort, certificates);
  const adminKubeconfig = join(directory, 'admin.kubeconfig');
  writeKubeconfig(adminKubeconfig, cluster, { clientCertificate: certificates.admin });
  return {
    binaries,
    directory,
    etcdClientUrl: `http://127.0.0.1:${await freePort()}`,
    etcdPeerUrl: `http://127.0.0.1:${await freePort()}`,
    apiServerPort,
    apiServerFlags,
    cluster,
    certificates,
    adminKubeconfig,
    auditLog: join(directory, 'audit.log'),
  };
}

function clusterAt(port: number, certificates: Certificates): Cluster {
  return {
    url: `https://127.0.0.1:${port}`,
    authorityCertificate: certificates.authority.certificate,
  };
}
