import { mkdirSync } from 'node:fs';
import {
  authoritySubject,
  type CertificateSubject,
  createKeys,
  issueCertificate,
  type KeyPair,
} from '../support/certificates.ts';

export interface Certificates {
  readonly authority: KeyPair;
  /** Of the API server. */
  readonly serving: KeyPair;
  /** A client in the group that may do everything. */
  readonly admin: KeyPair;
  readonly serviceAccountPublicKey: string;
  readonly serviceAccountPrivateKey: string;
}

/** Where pods find the API server: the first address of the range of services. */
const SERVICE_ADDRESS = '10.0.0.1';

const ADMIN: CertificateSubject = {
  name: 'admin',
  subject: '/O=system:masters/CN=admin',
  extensions: ['extendedKeyUsage=clientAuth'],
};

/** Everything that the processes of a control plane need to trust each other; its API server has that address. */
export async function createCertificates(directory: string, address: string): Promise<Certificates> {
  mkdirSync(directory, { recursive: true });
  const authority = await issueCertificate(directory, authoritySubject('control-plane-ca'));
  const [serving, admin] = await Promise.all([
    issueCertificate(directory, servingSubject(address), authority),
    issueCertificate(directory, ADMIN, authority),
  ]);
  const { privateKey, publicKey } = createKeys(directory, 'service-account');
  return {
    authority,
    serving,
    admin,
    serviceAccountPublicKey: publicKey,
    serviceAccountPrivateKey: privateKey,
  };
}

function servingSubject(address: string): CertificateSubject {
  const names = ['localhost', 'kubernetes.default.svc'].map((name) => `DNS:${name}`);
  const addresses = [...new Set(['127.0.0.1', SERVICE_ADDRESS, address])].map((ip) => `IP:${ip}`);
  return {
    name: 'serving',
    subject: '/CN=kube-apiserver',
    extensions: [`subjectAltName=${[...names, ...addresses].join(',')}`, 'extendedKeyUsage=serverAuth'],
  };
}
