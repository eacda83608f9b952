import { readFileSync } from 'node:fs';
import {
  authoritySubject,
  type CertificateSubject,
  issueCertificate,
  type KeyPair,
} from '../support/certificates.ts';

/** PEM texts. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** An authority of our own, and what it has signed. */
export interface TlsFiles {
  /** PEM. */
  readonly authority: string;
  /** For the loopback address. */
  readonly server: TlsIdentity;
  /** For another host. */
  readonly elsewhere: TlsIdentity;
  readonly client: TlsIdentity;
}

export async function createTlsFiles(directory: string): Promise<TlsFiles> {
  const authority = await issueCertificate(directory, authoritySubject('company-ca'));

  async function issue(subject: CertificateSubject): Promise<TlsIdentity> {
    return read(await issueCertificate(directory, subject, authority));
  }

  return {
    authority: read(authority).cert,
    server: await issue(serverSubject('server', 'IP:127.0.0.1')),
    elsewhere: await issue(serverSubject('elsewhere', 'DNS:airflow.example.org')),
    client: await issue({
      name: 'client',
      subject: '/CN=operator',
      extensions: ['extendedKeyUsage=clientAuth'],
    }),
  };
}

function serverSubject(name: string, host: string): CertificateSubject {
  const extensions = [`subjectAltName=${host}`, 'extendedKeyUsage=serverAuth'];
  return { name, subject: `/CN=${name}`, extensions };
}

function read({ certificate, key }: KeyPair): TlsIdentity {
  return { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}
