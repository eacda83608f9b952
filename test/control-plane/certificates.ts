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

const SERVING: CertificateSubject = {
  name: 'serving',
  subject: '/CN=kube-apiserver',
  extensions: [
    'subjectAltName=DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1',
    'extendedKeyUsage=serverAuth',
  ],
};

const ADMIN: CertificateSubject = {
  name: 'admin',
  subject: '/O=system:masters/CN=admin',
  extensions: ['extendedKeyUsage=clientAuth'],
};

/** Everything that the processes of a control plane need to trust each other. */
export async function createCertificates(directory: string): Promise<Certificates> {
  mkdirSync(directory, { recursive: true });
  const authority = await issueCertificate(directory, authoritySubject('control-plane-ca'));
  const [serving, admin] = await Promise.all([
    issueCertificate(directory, SERVING, authority),
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
