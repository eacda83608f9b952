import { describe, expect, it } from 'vitest';
import type { PipelineServiceClientSpec } from '../api/pipelineServiceClient.ts';
import { configMapDocument } from './configMapDocument.ts';
import { dropNulls, revealSecrets } from './json.ts';
import { SecretValue } from './secretValue.ts';
import { publicServerConnection, serverConnection, type ServerSecrets } from './serverConnection.ts';

const reference = { secretRef: 'openmetadata-bot', secretKey: 'token' };
const noSecrets: ServerSecrets = { token: undefined, caCertificate: undefined };
const token = new SecretValue('planted-token');

function client(
  openMetadata: PipelineServiceClientSpec['openMetadata'],
  metadataApiEndpoint = 'http://openmetadata:8585/api',
): PipelineServiceClientSpec {
  return {
    apiEndpoint: 'http://airflow:8080',
    metadataApiEndpoint,
    auth: { username: 'admin', password: reference },
    openMetadata,
  };
}

function rendered(spec: PipelineServiceClientSpec, secrets: ServerSecrets): unknown {
  return JSON.parse(JSON.stringify(dropNulls(revealSecrets(serverConnection(spec, secrets)))));
}

describe('the connection of a run to OpenMetadata', () => {
  it('has defaults for all that is not declared', () => {
    expect(rendered(client({ jwtToken: reference }), { ...noSecrets, token })).toEqual({
      type: 'OpenMetadata',
      clusterName: 'openmetadata',
      hostPort: 'http://openmetadata:8585/api',
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: 'planted-token' },
      verifySSL: 'no-ssl',
      secretsManagerProvider: 'db',
      secretsManagerLoader: 'noop',
    });
  });

  it('has what is declared', () => {
    const declared = {
      clusterName: 'east',
      authProvider: 'google',
      verifySSL: 'validate',
      secretsManagerProvider: 'aws',
      secretsManagerLoader: 'airflow',
    } as const;
    const spec = client({ ...declared, jwtToken: reference });

    expect(rendered(spec, { token, caCertificate: 'PEM' })).toMatchObject({
      ...declared,
      sslConfig: { caCertificate: 'PEM' },
    });
  });

  it.each([
    ['the variable that is named', { jwtTokenEnv: 'OM_JWT' }, '${OM_JWT}'],
    ["the variable of the chart's snippet", { jwtToken: reference }, '${OPENMETADATA_JWT_TOKEN}'],
  ])('takes the token from %s where the operator does not know it', (_, openMetadata, expected) => {
    expect(rendered(client(openMetadata), noSecrets)).toMatchObject({
      securityConfig: { jwtToken: expected },
    });
  });

  it.each([
    'http://openmetadata:8585/api',
    'http://openmetadata:8585/api/',
    'http://openmetadata:8585/api//',
  ])('names the server without a slash at the end: %s', (endpoint) => {
    expect(serverConnection(client({ jwtToken: reference }, endpoint), noSecrets).hostPort).toBe(
      'http://openmetadata:8585/api',
    );
  });

  it('holds no token where everybody may read it', () => {
    const text = configMapDocument(publicServerConnection(client({ jwtToken: reference }), 'PEM'));

    expect(JSON.parse(text)).toMatchObject({
      securityConfig: { jwtToken: '${OPENMETADATA_JWT_TOKEN}' },
      sslConfig: { caCertificate: 'PEM' },
    });
  });
});
