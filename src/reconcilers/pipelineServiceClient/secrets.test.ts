import { describe, expect, it } from 'vitest';
import { CLIENT_KEY } from '../testing/manifests.ts';
import {
  clientCondition,
  condition,
  createWorld,
  deployedWorld,
  message,
  readyWorld,
} from '../testing/world.ts';
import { clientManifest } from '../testing/manifests.ts';

describe('the Secrets of a client', () => {
  const ref = { secretRef: 'none', secretKey: 'key' };
  const certificate = { configMapRef: 'none', configMapKey: 'ca.crt' };
  const auth = clientManifest().spec.auth;

  it.each([
    ['spec.auth.password', 'Authenticated', { auth: { ...auth, password: ref } }],
    ['spec.auth.usernameFrom', 'Authenticated', { auth: { usernameFrom: ref, password: auth.password } }],
    ['spec.openMetadata.jwtToken', 'OpenMetadataReachable', { openMetadata: { jwtToken: ref } }],
    [
      'spec.openMetadata.caCertificate',
      'OpenMetadataReachable',
      { openMetadata: { jwtTokenEnv: 'A', caCertificate: certificate } },
    ],
    ['spec.sslConfig.caCertificate', 'Reachable', { sslConfig: { caCertificate: ref } }],
    [
      'spec.sslConfig.clientCertificate',
      'Reachable',
      { sslConfig: { clientCertificate: ref, clientKey: ref } },
    ],
  ])('are named with their field when missing: %s, on %s', async (field, type, spec) => {
    const world = await readyWorld(spec);

    expect(clientCondition(world, type)).toBe('False SecretNotFound');
    expect(clientCondition(world, 'Ready')).toBe('False SecretNotFound');
    expect(message(world, type, CLIENT_KEY)).toContain(
      `openmetadata/none, which ${field} refers to, does not exist`,
    );
    expect(world.events.of('SecretNotFound')).toHaveLength(1);
  });

  it('are asked for the key, too', async () => {
    const world = await readyWorld({
      auth: { ...auth, password: { secretRef: 'airflow-secrets', secretKey: 'other' } },
    });

    expect(clientCondition(world, 'Authenticated')).toBe('False SecretKeyNotFound');
    expect(message(world, 'Ready', CLIENT_KEY)).toContain('has no key "other"');
  });

  it('may come after the client', async () => {
    const world = createWorld();
    world.clients.create(clientManifest());
    await world.pass(5);

    expect(clientCondition(world, 'Ready')).toBe('False SecretNotFound');

    world.shelf.setSecret('openmetadata/airflow-secrets', { password: 'a' });
    world.shelf.setSecret('openmetadata/openmetadata-bot', { token: 'b' });
    await world.pass(30);

    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('are for a person to bring when they have been missing for two minutes', async () => {
    const world = createWorld();
    world.clients.create(clientManifest());
    await world.pass(125);

    expect(clientCondition(world, 'Stalled')).toBe('True SecretNotFound');
  });

  it('may go and come back: the client is well right after the next look', async () => {
    const world = await deployedWorld();
    world.shelf.removeSecret('openmetadata/airflow-secrets');
    await world.operator().reconcileClient(CLIENT_KEY);

    expect(clientCondition(world, 'Ready')).toBe('False SecretNotFound');
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');

    world.shelf.setSecret('openmetadata/airflow-secrets', { password: 'planted-password' });
    await world.operator().reconcileClient(CLIENT_KEY);

    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});
