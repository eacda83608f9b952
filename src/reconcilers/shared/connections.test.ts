import { describe, expect, it } from 'vitest';
import { createDeployGate } from '../../airflow/deployGate.ts';
import { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { SecretValue } from '../../domain/secretValue.ts';
import { createAirflowDoor } from '../testing/airflowDoor.ts';
import { createClockwork } from '../testing/clockwork.ts';
import { createDirectPoller } from '../testing/directPoller.ts';
import { CLIENT_KEY, clientManifest } from '../testing/manifests.ts';
import { createOpenMetadataDoor } from '../testing/openMetadataDoor.ts';
import type { ClientCredentials } from './clientCredentials.ts';
import { type Connections, createConnections } from './connections.ts';

type Spec = Parameters<typeof clientManifest>[0];
const metadata = { uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-11-23T06:00:00Z' };

function client(spec: Spec = {}): PipelineServiceClient {
  return PipelineServiceClient.parse(clientManifest(spec, metadata));
}

function credentials(changes: Partial<ClientCredentials> = {}): ClientCredentials {
  return {
    username: 'admin',
    password: new SecretValue('password'),
    token: new SecretValue('token'),
    airflowCa: undefined,
    clientCertificate: undefined,
    clientKey: undefined,
    openMetadataCa: undefined,
    ...changes,
  };
}

interface Bench {
  readonly connections: Connections;
  /** The pollers that are running now. */
  polling(): number;
}

function createBench(): Bench {
  const clockwork = createClockwork();
  const { airflow } = createAirflowDoor(clockwork.clock);
  let running = 0;
  const connections = createConnections({
    createAirflow: () => airflow,
    createOpenMetadata: () => createOpenMetadataDoor().openMetadata,
    createPoller: () => ({
      ...createDirectPoller({
        airflow,
        clockwork,
        interval: () => 5_000,
        dagIds: () => [],
        onRecovered: () => {},
        onChange: () => {},
      }),
      async run(signal) {
        running += 1;
        signal.addEventListener('abort', () => (running -= 1));
      },
    }),
    createGate: (limits) =>
      createDeployGate({ ...limits, clock: clockwork.clock, schedule: clockwork.schedule, onTurn: () => {} }),
  });
  return { connections, polling: () => running };
}

describe('the connections', () => {
  it('keep one for a client while nothing about it changes', () => {
    const { connections, polling } = createBench();
    const first = connections.ensure(client(), credentials());

    expect(connections.ensure(client({ hostIp: '10.0.0.1' }), credentials())).toBe(first);
    expect(connections.get(CLIENT_KEY)).toBe(first);
    expect([...connections.entries()]).toEqual([[CLIENT_KEY, first]]);
    expect(polling()).toBe(1);
  });

  it.each<[string, Spec, Partial<ClientCredentials>]>([
    ['the endpoint', { apiEndpoint: 'http://other:8080' }, {}],
    ['the address of OpenMetadata', { metadataApiEndpoint: 'http://other:8585/api' }, {}],
    ['the treatment of TLS', { verifySSL: 'validate' }, {}],
    [
      'the treatment of TLS towards OpenMetadata',
      { openMetadata: { jwtTokenEnv: 'A', verifySSL: 'ignore' } },
      {},
    ],
    ['the timeout', { timeout: 20 }, {}],
    ['the limits', { limits: { concurrentDeploys: 2 } }, {}],
    ['the user', {}, { username: 'other' }],
    ['the password', {}, { password: new SecretValue('other') }],
    ['the token', {}, { token: new SecretValue('other') }],
    ['the authorities', {}, { airflowCa: 'PEM' }],
    ['the key', {}, { clientKey: new SecretValue('KEY') }],
  ])('make a new one when %s changes, and the old one ends', (_, spec, changes) => {
    const { connections, polling } = createBench();
    const first = connections.ensure(client(), credentials());
    const second = connections.ensure(client(spec), credentials(changes));

    expect(second).not.toBe(first);
    expect(connections.get(CLIENT_KEY)).toBe(second);
    expect(second.findings).toEqual({ checked: false, nextCheckAt: 0 });
    expect(polling()).toBe(1);
  });

  it.each<[string, Spec, Partial<ClientCredentials>, boolean]>([
    ['new credentials', {}, { password: new SecretValue('other') }, true],
    ['another timeout', { timeout: 20 }, {}, true],
    ['other limits', { limits: { concurrentDeploys: 2 } }, {}, false],
    ['another Airflow', { apiEndpoint: 'http://other:8080' }, {}, false],
  ])('keep the pace of deploys through %s: that is for one Airflow', (_, spec, changes, isKept) => {
    const { connections } = createBench();
    const { gate } = connections.ensure(client(), credentials());

    expect(connections.ensure(client(spec), credentials(changes)).gate === gate).toBe(isKept);
  });

  it('check everything anew when told to', () => {
    const { connections } = createBench();
    const { findings } = connections.ensure(client(), credentials());
    findings.nextCheckAt = 1;
    connections.suspect(CLIENT_KEY);
    connections.suspect('no/such');

    expect(findings.nextCheckAt).toBe(0);
  });

  it('go on where the Secrets cannot be read any more, until they can', () => {
    const { connections } = createBench();
    const first = connections.ensure(client(), credentials());
    connections.markUnresolved(CLIENT_KEY);

    expect(connections.isUnresolved(CLIENT_KEY)).toBe(true);
    expect(connections.get(CLIENT_KEY)).toBe(first);

    connections.ensure(client(), credentials());

    expect(connections.isUnresolved(CLIENT_KEY)).toBe(false);
  });

  it('end with their client, and all together', () => {
    const { connections, polling } = createBench();
    const { gate } = connections.ensure(client(), credentials());
    connections.markUnresolved(CLIENT_KEY);
    connections.close(CLIENT_KEY);

    expect(polling()).toBe(0);
    expect(connections.get(CLIENT_KEY)).toBeUndefined();
    expect(connections.isUnresolved(CLIENT_KEY)).toBe(false);
    expect(connections.ensure(client(), credentials()).gate).not.toBe(gate);

    connections.closeAll();

    expect(polling()).toBe(0);
    expect([...connections.entries()]).toEqual([]);
  });

  it('do not keep a secret where it could be seen', () => {
    const { connections } = createBench();
    const { fingerprint } = connections.ensure(client(), credentials({ token: new SecretValue('planted') }));

    expect(fingerprint).not.toContain('planted');
  });
});
