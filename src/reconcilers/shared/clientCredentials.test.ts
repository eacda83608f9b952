import { describe, expect, it } from 'vitest';
import { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { createSecretCache } from '../../kube/secretCache.ts';
import { createConfigShelf } from '../testing/configShelf.ts';
import { clientManifest } from '../testing/manifests.ts';
import { type ClientCredentials, hashKey, resolveCredentials } from './clientCredentials.ts';
import { createSecretSource } from './secretSource.ts';

const metadata = { uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-11-23T06:00:00Z' };

function resolve(spec: Parameters<typeof clientManifest>[0]): Promise<ClientCredentials> {
  const shelf = createConfigShelf();
  shelf.setSecret('openmetadata/airflow-secrets', { password: 'the password', username: 'ingestion' });
  shelf.setSecret('openmetadata/openmetadata-bot', { token: 'the token' });
  shelf.setSecret('openmetadata/tls', { 'ca.crt': 'CA', 'tls.crt': 'CERTIFICATE', 'tls.key': 'KEY' });
  shelf.texts.set('openmetadata/authorities', { 'ca.crt': 'AUTHORITIES' });
  const cache = createSecretCache({
    readSecret: (namespace, name) => shelf.reader.readSecret(namespace, name),
    clock: () => 0,
  });
  return resolveCredentials(
    PipelineServiceClient.parse(clientManifest(spec, metadata)),
    createSecretSource(cache, shelf.reader),
  );
}

describe('the credentials of a client', () => {
  it('are user name, password and token where nothing else is declared', async () => {
    const { password, token, ...rest } = await resolve({});

    expect([password.reveal(), token?.reveal()]).toEqual(['the password', 'the token']);
    expect(rest).toEqual({
      username: 'admin',
      airflowCa: undefined,
      clientCertificate: undefined,
      clientKey: undefined,
      openMetadataCa: undefined,
    });
  });

  it('may have the user name in a Secret, too', async () => {
    const credentials = await resolve({
      auth: {
        usernameFrom: { secretRef: 'airflow-secrets', secretKey: 'username' },
        password: { secretRef: 'airflow-secrets', secretKey: 'password' },
      },
    });

    expect(credentials.username).toBe('ingestion');
  });

  it('hold all certificates, and the key wrapped', async () => {
    const credentials = await resolve({
      sslConfig: {
        caCertificate: { secretRef: 'tls', secretKey: 'ca.crt' },
        clientCertificate: { secretRef: 'tls', secretKey: 'tls.crt' },
        clientKey: { secretRef: 'tls', secretKey: 'tls.key' },
      },
      openMetadata: {
        jwtTokenEnv: 'OM_JWT',
        caCertificate: { configMapRef: 'authorities', configMapKey: 'ca.crt' },
      },
    });

    expect(credentials).toMatchObject({
      airflowCa: 'CA',
      clientCertificate: 'CERTIFICATE',
      openMetadataCa: 'AUTHORITIES',
      token: undefined,
    });
    expect(credentials.clientKey?.reveal()).toBe('KEY');
    expect(JSON.stringify(credentials)).not.toContain('KEY');
  });

  it('key the hashes with the token or, where that is not known, with the password', async () => {
    const withToken = await resolve({});
    const withoutToken = await resolve({ openMetadata: { jwtTokenEnv: 'OM_JWT' } });

    expect(hashKey(withToken, false)?.reveal()).toBe('the token');
    expect(hashKey(withoutToken, true)?.reveal()).toBe('the password');
  });
});
