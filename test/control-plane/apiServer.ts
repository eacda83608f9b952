import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedProcess } from '../support/processes.ts';
import { startReadyProcess } from '../support/waitUntilReady.ts';
import type { AdminClient } from './adminClient.ts';
import type { Certificates } from './certificates.ts';
import type { PlaneSettings } from './planeSettings.ts';

const AUDIT_POLICY = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] };

/** Starts it and waits until it serves; again with the same settings, it has the same address and data. */
export function launchApiServer(settings: PlaneSettings, client: AdminClient): Promise<ManagedProcess> {
  const options = {
    command: settings.binaries.apiServer,
    args: flags(settings),
    logFile: join(settings.directory, 'kube-apiserver.log'),
    // It would wait much longer for its watches to end, and its data is in etcd.
    graceMs: 1_000,
  };
  return startReadyProcess(options, () => isReady(client), { timeoutMs: 60_000 });
}

async function isReady(client: AdminClient): Promise<boolean> {
  const answer = await client.get('/readyz');
  return answer.status === 200;
}

function flags(settings: PlaneSettings): string[] {
  return [
    `--etcd-servers=${settings.etcdClientUrl}`,
    `--bind-address=${settings.address}`,
    `--advertise-address=${settings.address}`,
    `--secure-port=${settings.apiServerPort}`,
    `--cert-dir=${settings.directory}`,
    `--endpoint-reconciler-type=${settings.servesPods ? 'lease' : 'none'}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged=true',
    ...securityFlags(settings.certificates),
    ...auditFlags(settings),
    ...(settings.servesPods ? kubeletFlags(settings.certificates) : []),
    ...settings.apiServerFlags,
  ];
}

function securityFlags(certificates: Certificates): string[] {
  return [
    '--authorization-mode=RBAC',
    `--tls-cert-file=${certificates.serving.certificate}`,
    `--tls-private-key-file=${certificates.serving.key}`,
    `--client-ca-file=${certificates.authority.certificate}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${certificates.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${certificates.serviceAccountPrivateKey}`,
  ];
}

/** For what it asks kubelets, such as the log of a pod. */
function kubeletFlags({ admin }: Certificates): string[] {
  return [
    `--kubelet-client-certificate=${admin.certificate}`,
    `--kubelet-client-key=${admin.key}`,
    '--kubelet-preferred-address-types=InternalIP',
  ];
}

/** Written before each answer is sent, and never rotated away: tests count its lines. */
function auditFlags({ auditLog, directory }: PlaneSettings): string[] {
  const policy = join(directory, 'audit-policy.json');
  writeFileSync(policy, JSON.stringify(AUDIT_POLICY));
  return [
    `--audit-policy-file=${policy}`,
    `--audit-log-path=${auditLog}`,
    '--audit-log-mode=blocking',
    '--audit-log-maxsize=100000',
  ];
}
