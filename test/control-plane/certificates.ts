import { generateKeyPairSync, randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandOrThrow } from '../support/runCommand.ts';

/** Paths of PEM files. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Certificates {
  readonly authority: KeyPair;
  /** Of the API server. */
  readonly serving: KeyPair;
  /** A client in the group that may do everything. */
  readonly admin: KeyPair;
  readonly serviceAccountPublicKey: string;
  readonly serviceAccountPrivateKey: string;
}

interface Subject {
  readonly name: string;
  readonly subject: string;
  readonly extensions: readonly string[];
}

const AUTHORITY: Subject = {
  name: 'ca',
  subject: '/CN=control-plane-ca',
  extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'],
};

const SERVING: Subject = {
  name: 'serving',
  subject: '/CN=kube-apiserver',
  extensions: [
    'subjectAltName=DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1',
    'extendedKeyUsage=serverAuth',
  ],
};

const ADMIN: Subject = {
  name: 'admin',
  subject: '/O=system:masters/CN=admin',
  extensions: ['extendedKeyUsage=clientAuth'],
};

/** Everything that the processes of a control plane need to trust each other. */
export async function createCertificates(directory: string): Promise<Certificates> {
  mkdirSync(directory, { recursive: true });
  const authority = await issue(directory, AUTHORITY);
  const [serving, admin] = await Promise.all([
    issue(directory, SERVING, authority),
    issue(directory, ADMIN, authority),
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

async function issue(directory: string, subject: Subject, authority?: KeyPair): Promise<KeyPair> {
  const certificate = join(directory, `${subject.name}.crt`);
  const { privateKey: key } = createKeys(directory, subject.name);
  const extensions = join(directory, `${subject.name}.extensions`);
  writeFileSync(extensions, subject.extensions.join('\n'));
  const request = await openssl(['req', '-new', '-key', key, '-subj', subject.subject]);
  const signer = authority === undefined ? ['-signkey', key] : signerArguments(authority);
  const output = ['-days', '365', '-extfile', extensions, '-out', certificate];
  await openssl(['x509', '-req', ...output, ...signer], request);
  return { certificate, key };
}

function signerArguments(authority: KeyPair): string[] {
  const serial = String(randomInt(1, 2 ** 47));
  return ['-CA', authority.certificate, '-CAkey', authority.key, '-set_serial', serial];
}

function createKeys(directory: string, name: string): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const paths = { privateKey: join(directory, `${name}.key`), publicKey: join(directory, `${name}.pub`) };
  writeFileSync(paths.privateKey, privateKey, { mode: 0o600 });
  writeFileSync(paths.publicKey, publicKey);
  return paths;
}

function openssl(args: readonly string[], stdin = ''): Promise<string> {
  return runCommandOrThrow('openssl', args, { stdin });
}
