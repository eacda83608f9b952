import { generateKeyPairSync, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandOrThrow } from './runCommand.ts';

/** Paths of PEM files. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is to say. */
export interface CertificateSubject {
  /** Of its files. */
  readonly name: string;
  readonly subject: string;
  /** Lines of an extension file of openssl. */
  readonly extensions: readonly string[];
}

/** An authority signs itself. */
export function authoritySubject(commonName: string): CertificateSubject {
  const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
  return { name: 'ca', subject: `/CN=${commonName}`, extensions };
}

/** Makes a key and its certificate in the directory; signed by itself where no authority is given. */
export async function issueCertificate(
  directory: string,
  { name, subject, extensions }: CertificateSubject,
  authority?: KeyPair,
): Promise<KeyPair> {
  const certificate = join(directory, `${name}.crt`);
  const { privateKey: key } = createKeys(directory, name);
  const extensionFile = join(directory, `${name}.extensions`);
  writeFileSync(extensionFile, extensions.join('\n'));
  const request = await openssl(['req', '-new', '-key', key, '-subj', subject]);
  const signer = authority === undefined ? ['-signkey', key] : signerArguments(authority);
  const output = ['-days', '365', '-extfile', extensionFile, '-out', certificate];
  await openssl(['x509', '-req', ...output, ...signer], request);
  return { certificate, key };
}

/** Makes a pair of keys in the directory. */
export function createKeys(directory: string, name: string): { privateKey: string; publicKey: string } {
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

function signerArguments(authority: KeyPair): string[] {
  const serial = String(randomInt(1, 2 ** 47));
  return ['-CA', authority.certificate, '-CAkey', authority.key, '-set_serial', serial];
}

function openssl(args: readonly string[], stdin = ''): Promise<string> {
  return runCommandOrThrow('openssl', args, { stdin });
}
