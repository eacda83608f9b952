import { describe, expect, it } from 'vitest';
import { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { clientManifest, pipelineManifest } from '../testing/manifests.ts';
import { clientKeyOf, keyOf } from './references.ts';
import { secretsOfClient, secretsOfPipeline } from './secretReferences.ts';

const metadata = { uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-11-23T06:00:00Z' };
const fallback = { namespace: 'openmetadata', name: 'fallback' };
type Spec = Parameters<typeof pipelineManifest>[0];

function pipeline(spec: Spec): IngestionPipeline {
  return IngestionPipeline.parse(pipelineManifest(spec, metadata));
}

describe('the client of a pipeline', () => {
  it.each<[string, Spec, string[], typeof fallback | undefined, string | undefined]>([
    [
      'the one it names, there or not',
      { clientRef: { name: 'x', namespace: 'y' } },
      ['team-a/default'],
      fallback,
      'y/x',
    ],
    ['the one it names in its own namespace', { clientRef: { name: 'x' } }, [], fallback, 'team-a/x'],
    ['"default" beside it', { clientRef: undefined }, ['team-a/default'], fallback, 'team-a/default'],
    [
      "the operator's default",
      { clientRef: undefined },
      ['team-b/default'],
      fallback,
      'openmetadata/fallback',
    ],
    ['none', { clientRef: undefined }, [], undefined, undefined],
  ])('is %s', (_, spec, clients, defaultClient, expected) => {
    expect(clientKeyOf(pipeline(spec), (key) => clients.includes(key), defaultClient)).toBe(expected);
  });
});

describe('the key of a resource', () => {
  it('is namespace and name', () => {
    expect(keyOf(pipeline({}))).toBe('team-a/orders');
  });
});

describe('the Secrets that are referred to', () => {
  it('are those of valuesFrom in the namespace of a pipeline', () => {
    const valuesFrom = [
      { targetPath: 'config.a', secretKeyRef: { name: 'a', key: 'k' } },
      { targetPath: 'config.b', secretKeyRef: { name: 'b', key: 'k' } },
    ];

    expect(secretsOfPipeline(pipeline({ valuesFrom }))).toEqual(['team-a/a', 'team-a/b']);
    expect(secretsOfPipeline(pipeline({}))).toEqual([]);
  });

  it('are all that a client names, but not its ConfigMaps', () => {
    const spec = {
      auth: {
        usernameFrom: { secretRef: 'user', secretKey: 'k' },
        password: { secretRef: 'password', secretKey: 'k' },
      },
      sslConfig: {
        caCertificate: { configMapRef: 'authorities', configMapKey: 'k' },
        clientCertificate: { secretRef: 'certificate', secretKey: 'k' },
        clientKey: { secretRef: 'key', secretKey: 'k' },
      },
      openMetadata: {
        jwtToken: { secretRef: 'token', secretKey: 'k' },
        caCertificate: { secretRef: 'ca', secretKey: 'k' },
      },
    };
    const client = PipelineServiceClient.parse(clientManifest(spec, metadata));

    expect(secretsOfClient(client)).toEqual(
      ['user', 'password', 'token', 'ca', 'certificate', 'key'].map((name) => `openmetadata/${name}`),
    );
  });
});
