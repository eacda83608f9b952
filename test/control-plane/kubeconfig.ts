import { readFileSync, writeFileSync } from 'node:fs';
import type { KeyPair } from '../support/certificates.ts';

/** Who a kubeconfig lets its user be. */
export type Credential = { readonly token: string } | { readonly clientCertificate: KeyPair };

export interface Cluster {
  readonly url: string;
  readonly authorityCertificate: string;
}

/** Writes a kubeconfig that refers to no other file. */
export function writeKubeconfig(path: string, cluster: Cluster, credential: Credential): void {
  const name = 'control-plane';
  const certificateAuthority = { 'certificate-authority-data': base64Of(cluster.authorityCertificate) };
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: cluster.url, ...certificateAuthority } }],
    users: [{ name, user: userOf(credential) }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(content, undefined, 2), { mode: 0o600 });
}

function userOf(credential: Credential): Record<string, string> {
  if ('token' in credential) return { token: credential.token };
  const { certificate, key } = credential.clientCertificate;
  return { 'client-certificate-data': base64Of(certificate), 'client-key-data': base64Of(key) };
}

function base64Of(path: string): string {
  return readFileSync(path).toString('base64');
}
