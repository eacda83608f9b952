import { describe, expect, it } from 'vitest';
import type { AirflowErrorKind } from '../../airflow/airflowError.ts';
import { ANNOTATIONS } from '../../api/group.ts';
import { OpenMetadataError, type OpenMetadataErrorKind } from '../../openmetadata/openMetadata.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import { clientCondition, deployedWorld, message, readyWorld, type World } from '../testing/world.ts';

function conditions(world: World): Record<string, string | undefined> {
  const types = ['Ready', 'Reachable', 'Authenticated', 'Compatible', 'OpenMetadataReachable', 'Mounted'];
  return Object.fromEntries(types.map((type) => [type, clientCondition(world, type)]));
}

function ask(world: World, value: string): void {
  world.clients.edit(CLIENT_KEY, ({ metadata }) => ({
    metadata: { ...metadata, annotations: { [ANNOTATIONS.requestedAt]: value } },
  }));
}

describe('a client whose servers are well', () => {
  it('is Ready and says what it found', async () => {
    const world = await readyWorld();

    expect(conditions(world)).toEqual({
      Ready: 'True ReconcileSucceeded',
      Reachable: 'True Reachable',
      Authenticated: 'True Authenticated',
      Compatible: 'True Compatible',
      OpenMetadataReachable: 'True Reachable',
      Mounted: 'True MountNotNeeded',
    });
    expect(clientCondition(world, 'InUse')).toBe('False NotInUse');
    expect(clientCondition(world, 'Reconciling')).toBeUndefined();
    expect(world.clients.get(CLIENT_KEY)?.status).toMatchObject({
      observedGeneration: 1,
      airflow: {
        version: '3.3.0',
        apiBasePath: '/pluginsv2/api/v2/openmetadata',
        pluginVersion: '1.10.2.0',
        coreApi: 'Available',
      },
      openMetadata: { version: '1.10.2' },
      pipelines: { total: 0, ready: 0, stalled: 0 },
      lastCheckTime: '2026-11-23T06:00:00Z',
    });
    expect(world.events.lines).toEqual([]);
  });

  it('is checked once a minute, and nothing is written while nothing changes', async () => {
    const world = await readyWorld();
    const writes = world.clients.statusWrites();
    const calls = world.airflow.calls();
    await world.pass(600);

    expect(world.clients.statusWrites()).toBe(writes);
    expect(world.airflow.calls() - calls).toBeGreaterThanOrEqual(9);
    expect(world.airflow.calls() - calls).toBeLessThanOrEqual(11);
  });

  it('is checked at once when the annotation asks for it, once for each value', async () => {
    const world = await readyWorld();
    const calls = world.airflow.calls();
    ask(world, 'now');
    await world.pass(5);

    expect(world.airflow.calls()).toBeGreaterThan(calls);
    expect(world.clients.get(CLIENT_KEY)?.status?.lastHandledReconcileAt).toBe('now');

    const after = world.airflow.calls();
    const writes = world.clients.statusWrites();
    ask(world, 'now');
    await world.pass(5);

    expect(world.airflow.calls()).toBe(after);
    expect(world.clients.statusWrites()).toBe(writes);
  });

  it('counts its pipelines, and how they are doing, soon after they change', async () => {
    const world = await deployedWorld();
    world.pipelines.create(pipelineManifest({ description: '$HOME' }, { name: 'customers' }));
    await world.pass(10);

    expect(world.clients.get(CLIENT_KEY)?.status?.pipelines).toEqual({ total: 2, ready: 1, stalled: 1 });
    expect(clientCondition(world, 'InUse')).toBe('True InUse');

    world.pipelines.delete('team-a/customers');
    await world.pass(10);

    expect(world.clients.get(CLIENT_KEY)?.status?.pipelines).toEqual({ total: 1, ready: 1, stalled: 0 });
  });
});

describe('a client that finds a fault', () => {
  it.each<[AirflowErrorKind, string, string]>([
    ['connectionRefused', 'Reachable', 'ConnectionRefused'],
    ['dnsFailed', 'Reachable', 'DNSFailed'],
    ['timeout', 'Reachable', 'Timeout'],
    ['tlsUntrusted', 'Reachable', 'TLSUntrusted'],
    ['tlsMismatch', 'Reachable', 'TLSMismatch'],
    ['managedApisNotFound', 'Reachable', 'ManagedAPIsNotFound'],
    ['throttled', 'Reachable', 'Throttled'],
    ['serverError', 'Reachable', 'ServerError'],
    ['unexpectedAnswer', 'Reachable', 'ServerError'],
    ['invalidCredentials', 'Authenticated', 'InvalidCredentials'],
    ['permissionDenied', 'Authenticated', 'PermissionDenied'],
  ])('in Airflow (%s) tells it as %s=False/%s, is not Ready, and heals', async (kind, type, reason) => {
    const world = await readyWorld();
    world.airflow.fail('probe', airflowError(kind));
    await world.pass(70);

    expect(clientCondition(world, type)).toBe(`False ${reason}`);
    expect(clientCondition(world, 'Reachable')).toBe(
      type === 'Reachable' ? `False ${reason}` : 'True Reachable',
    );
    expect(clientCondition(world, 'Authenticated')).toBe(
      type === 'Reachable' ? 'Unknown NotChecked' : `False ${reason}`,
    );
    expect(clientCondition(world, 'Ready')).toBe(`False ${reason}`);
    expect(clientCondition(world, 'Reconciling')).toBe(`True ${reason}`);
    expect(message(world, 'Ready', CLIENT_KEY)).toBe(`Airflow says ${kind}.`);
    expect(world.events.of(reason)).toEqual([`Warning airflow ${reason}: Airflow says ${kind}.`]);

    world.airflow.fail('probe', undefined);
    await world.pass(30);

    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(clientCondition(world, 'Reconciling')).toBeUndefined();
  });

  it.each<[OpenMetadataErrorKind, string]>([
    ['connectionRefused', 'ConnectionRefused'],
    ['dnsFailed', 'DNSFailed'],
    ['timeout', 'Timeout'],
    ['tlsUntrusted', 'TLSUntrusted'],
    ['tlsMismatch', 'TLSMismatch'],
    ['tokenRejected', 'TokenRejected'],
    ['notOpenMetadata', 'OpenMetadataNotFound'],
    ['serverError', 'ServerError'],
  ])('in OpenMetadata (%s) tells it as OpenMetadataReachable=False/%s', async (kind, reason) => {
    const world = await readyWorld();
    world.openMetadata.down = new OpenMetadataError(kind, 'OpenMetadata says no.');
    await world.pass(70);

    expect(clientCondition(world, 'OpenMetadataReachable')).toBe(`False ${reason}`);
    expect(clientCondition(world, 'Reachable')).toBe('True Reachable');
    expect(clientCondition(world, 'Ready')).toBe(`False ${reason}`);
    expect(world.clients.get(CLIENT_KEY)?.status?.openMetadata).toEqual({ version: '1.10.2' });
  });

  it('in the token finds it by asking for a service', async () => {
    const world = await readyWorld();
    world.openMetadata.serviceFault = new OpenMetadataError('tokenRejected', 'No.');
    await world.pass(70);

    expect(clientCondition(world, 'OpenMetadataReachable')).toBe('False TokenRejected');
  });

  it('asks for no service where only Airflow knows the token', async () => {
    const world = await readyWorld({ openMetadata: { jwtTokenEnv: 'OM_JWT' } });
    world.openMetadata.serviceFault = new OpenMetadataError('tokenRejected', 'No.');
    await world.pass(70);

    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it.each([
    ['1.9.4', 'False VersionMismatch'],
    ['1.10.9', 'True Compatible'],
    ['2.10.2', 'False VersionMismatch'],
    ['unreadable', 'Unknown NotChecked'],
  ])('with OpenMetadata %s beside the managed APIs 1.10.2 has Compatible=%s', async (version, expected) => {
    const world = await readyWorld();
    world.openMetadata.version = version;
    await world.pass(70);

    expect(clientCondition(world, 'Compatible')).toBe(expected);
    expect(clientCondition(world, 'Ready')).toBe(
      expected.startsWith('False') ? expected : 'True ReconcileSucceeded',
    );
  });

  it('says that the plugin lets anybody in, and is Ready all the same', async () => {
    const world = await readyWorld();
    world.airflow.installation = { ...world.airflow.installation, authentication: 'notEnforced' };
    await world.pass(70);

    expect(clientCondition(world, 'Authenticated')).toBe('Unknown NotEnforced');
    expect(message(world, 'Authenticated', CLIENT_KEY)).toContain('NetworkPolicy');
    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('says that the core API cannot be used', async () => {
    const world = await readyWorld();
    const coreApi = { kind: 'unavailable', message: 'No core API: grant a permission.' } as const;
    world.airflow.installation = { ...world.airflow.installation, coreApi };
    await world.pass(70);

    expect(world.clients.get(CLIENT_KEY)?.status?.airflow?.coreApi).toBe('Unavailable');
    expect(message(world, 'Authenticated', CLIENT_KEY)).toContain('No core API: grant a permission.');
  });

  it.each<[AirflowErrorKind, string, string | undefined]>([
    ['invalidCredentials', 'InvalidCredentials', 'True InvalidCredentials'],
    ['managedApisNotFound', 'ManagedAPIsNotFound', 'True ManagedAPIsNotFound'],
    ['connectionRefused', 'ConnectionRefused', undefined],
  ])('that has lasted for two minutes (%s) needs a person or not', async (kind, reason, stalled) => {
    const world = await readyWorld();
    world.airflow.fail('probe', airflowError(kind));
    await world.pass(100);

    expect(clientCondition(world, 'Reconciling')).toBe(`True ${reason}`);
    expect(clientCondition(world, 'Stalled')).toBeUndefined();

    await world.pass(400);

    expect(clientCondition(world, 'Stalled')).toBe(stalled);

    world.airflow.fail('probe', undefined);
    await world.pass(stalled === undefined ? 300 : 60);

    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(clientCondition(world, 'Stalled')).toBeUndefined();
  });

  it('is checked at once when one of its pipelines cannot ask OpenMetadata', async () => {
    const world = await deployedWorld();
    world.openMetadata.down = new OpenMetadataError('timeout', 'OpenMetadata says no.');
    world.pipelines.edit(PIPELINE_KEY, ({ spec }) => ({ spec: { ...spec, displayName: 'Orders' } }));
    await world.pass(1);

    expect(clientCondition(world, 'OpenMetadataReachable')).toBe('False Timeout');
  });

  it('is checked once a minute however long it has failed', async () => {
    const world = await readyWorld();
    world.openMetadata.version = '1.11.0';
    await world.pass(3_600);
    expect(clientCondition(world, 'Compatible')).toBe('False VersionMismatch');

    world.openMetadata.version = '1.10.3';
    await world.pass(61);

    expect(clientCondition(world, 'Compatible')).toBe('True Compatible');
  });

  it('is checked at once when its specification changes', async () => {
    const world = await readyWorld();
    world.openMetadata.version = '1.9.0';
    world.clients.edit(CLIENT_KEY, ({ spec }) => ({ spec: { ...spec, hostIp: '10.0.0.1' } }));
    await world.pass(1);

    expect(clientCondition(world, 'Ready')).toBe('False VersionMismatch');
    expect(world.clients.get(CLIENT_KEY)?.status?.observedGeneration).toBe(2);
  });

  it('is checked at once when a call of one of its pipelines fails', async () => {
    const world = await deployedWorld();
    await world.pass(5);
    world.airflow.setDown(airflowError('timeout'));
    world.pipelines.edit(PIPELINE_KEY, ({ spec }) => ({ spec: { ...spec, suspend: true } }));
    await world.pass(1);

    expect(clientCondition(world, 'Ready')).toBe('False Timeout');
  });
});

describe('an OpenMetadata that runs its own pipelines', () => {
  async function worldOf(platform: string, version: string): Promise<World> {
    const world = await readyWorld();
    Object.assign(world.openMetadata, { platform, version });
    world.airflow.installation = { ...world.airflow.installation, pluginVersion: `${version}.0` };
    return world;
  }

  it.each([
    ['on Kubernetes', 'Kubernetes', '1.12.0', 'False UnsupportedBackend'],
    ['on Airflow', 'Airflow', '1.12.0', 'False ManagedAPIsNotFound'],
    ['on Airflow, spelt otherwise', 'airflow', '1.12.0', 'False ManagedAPIsNotFound'],
    ['not at all', 'disabled', '1.12.0', 'False ManagedAPIsNotFound'],
    ['in a version that had no choice', 'Kubernetes', '1.11.0', 'False ManagedAPIsNotFound'],
  ])('%s explains an endpoint without the managed APIs', async (_, platform, version, expected) => {
    const world = await worldOf(platform, version);
    world.airflow.fail('probe', airflowError('managedApisNotFound'));
    await world.pass(130);

    expect(clientCondition(world, 'Reachable')).toBe(expected);
    expect(message(world, 'Reachable', CLIENT_KEY).includes('runs its pipelines on Kubernetes')).toBe(
      expected.includes('Unsupported'),
    );
  });

  it('on Kubernetes is a remark only where Airflow works', async () => {
    const world = await worldOf('Kubernetes', '2.0.5');
    await world.pass(130);

    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(message(world, 'Compatible', CLIENT_KEY)).toContain('runs its own pipelines on Kubernetes');
  });

  it('on Kubernetes does not change what is wrong with an Airflow that is down', async () => {
    const world = await worldOf('Kubernetes', '2.0.5');
    world.airflow.fail('probe', airflowError('connectionRefused'));
    await world.pass(130);

    expect(clientCondition(world, 'Reachable')).toBe('False ConnectionRefused');
  });
});
