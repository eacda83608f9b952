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
  /** Of the API server. */
  readonly address: string;
  readonly apiServerPort: number;
  readonly apiServerFlags: readonly string[];
  readonly servesPods: boolean;
  readonly cluster: Cluster;
  readonly certificates: Certificates;
  readonly adminKubeconfig: string;
  readonly auditLog: string;
}

/** What may be asked of a plane. */
export interface PlaneChoices {
  /** Added to the usual ones, for faults such as `--goaway-chance=0.02`. */
  readonly apiServerFlags?: readonly string[];
  /**
   * For a plane with nodes: an address of this machine that pods can reach. The API server listens there and not on the
   * loopback address, tells pods of it, and the controllers that pods need work, too.
   */
  readonly podNetworkAddress?: string;
}

const LOOPBACK = '127.0.0.1';

export async function preparePlane(
  binaries: Binaries,
  directory: string,
  options: PlaneChoices,
): Promise<PlaneSettings> {
  const address = options.podNetworkAddress ?? LOOPBACK;
  const certificates = await createCertificates(join(directory, 'certificates'), address);
  const apiServerPort = await freePort();
  const cluster = clusterAt(`${address}:${apiServerPort}`, certificates);
  const adminKubeconfig = join(directory, 'admin.kubeconfig');
  writeKubeconfig(adminKubeconfig, cluster, { clientCertificate: certificates.admin });
  return {
    binaries,
    directory,
    etcdClientUrl: `http://127.0.0.1:${await freePort()}`,
    etcdPeerUrl: `http://127.0.0.1:${await freePort()}`,
    address,
    apiServerPort,
    apiServerFlags: options.apiServerFlags ?? [],
    servesPods: options.podNetworkAddress !== undefined,
    cluster,
    certificates,
    adminKubeconfig,
    auditLog: join(directory, 'audit.log'),
  };
}

function clusterAt(host: string, certificates: Certificates): Cluster {
  return {
    url: `https://${host}`,
    authorityCertificate: certificates.authority.certificate,
  };
}
