import { describe, expect, it } from 'vitest';
import { AirflowError, type AirflowErrorKind } from '../../airflow/airflowError.ts';
import { KubeError } from '../../kube/kubeError.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import {
  clientCondition,
  condition,
  deployedWorld,
  message,
  readyWorld,
  respecify,
  type World,
} from '../testing/world.ts';

async function refusedWorld(kind: AirflowErrorKind): Promise<World> {
  const world = await readyWorld();
  world.airflow.fail('deploy', airflowError(kind));
  world.pipelines.create(pipelineManifest());
  return world;
}

describe('a deploy that Airflow refuses', () => {
  it.each<[AirflowErrorKind, string, string]>([
    ['connectionRefused', 'False ConnectionRefused', 'failed'],
    ['dnsFailed', 'False DNSFailed', 'failed'],
    ['timeout', 'False Timeout', 'failed'],
    ['tlsUntrusted', 'False TLSUntrusted', 'failed'],
    ['tlsMismatch', 'False TLSMismatch', 'failed'],
    ['unknownOutcome', 'Unknown UnknownOutcome', 'waiting'],
    ['managedApisNotFound', 'False ManagedAPIsNotFound', 'failed'],
    ['coreApiUnavailable', 'False DeployFailed', 'failed'],
    ['invalidCredentials', 'False InvalidCredentials', 'failed'],
    ['permissionDenied', 'False PermissionDenied', 'stalled'],
    ['throttled', 'False Throttled', 'failed'],
    ['dagNotFound', 'False DeployFailed', 'failed'],
    ['runExists', 'False DeployFailed', 'failed'],
    ['versionMismatch', 'False VersionMismatch', 'stalled'],
    ['openMetadataUnreachable', 'False OpenMetadataUnreachable', 'failed'],
    ['tokenRejected', 'False TokenRejected', 'stalled'],
    ['serviceNotFound', 'False ServiceNotFound', 'stalled'],
    ['invalidServiceConnection', 'False InvalidServiceConnection', 'stalled'],
    ['invalidPayload', 'False InvalidPayload', 'stalled'],
    ['pluginDependencyMissing', 'False PluginDependencyMissing', 'stalled'],
    ['configsDirectoryReadOnly', 'False ConfigsDirectoryReadOnly', 'stalled'],
    ['dagBuildFailed', 'False DeployFailed', 'failed'],
    ['serverError', 'False DeployFailed', 'failed'],
    ['unexpectedAnswer', 'False DeployFailed', 'failed'],
  ])('for %s has Deployed=%s and ends as %s', async (kind, deployed, outcome) => {
    const world = await refusedWorld(kind);

    expect(await world.reconcile()).toMatchObject({ kind: outcome });
    expect(condition(world, 'Deployed')).toBe(deployed);
    expect(condition(world, 'Ready')).toBe(`False ${deployed.split(' ')[1]}`);
    expect(condition(world, 'Stalled') !== undefined).toBe(outcome === 'stalled');
    expect(condition(world, 'Reconciling') !== undefined).toBe(outcome !== 'stalled');
    expect(message(world, 'Deployed')).toBe(`Airflow says ${kind}.`);
  });

  it('leaves what was deployed before enabled, and says so', async () => {
    const world = await deployedWorld();
    world.airflow.fail('deploy', airflowError('invalidPayload'));
    respecify(world, { displayName: 'Orders' });
    await world.pass(60);

    expect(condition(world, 'Deployed')).toBe('False InvalidPayload');
    expect(condition(world, 'Enabled')).toBe('True Enabled');
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
  });

  it('succeeds once the fault is gone', async () => {
    const world = await refusedWorld('serverError');
    await world.pass(20);
    world.airflow.fail('deploy', undefined);
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Reconciling')).toBeUndefined();
  });

  it('is tried again after minutes where only a person can help, and at once when the specification changes', async () => {
    const world = await refusedWorld('invalidPayload');

    expect(await world.reconcile()).toEqual({ kind: 'stalled', checkAfter: 300_000 });

    world.airflow.fail('deploy', undefined);
    respecify(world, { displayName: 'Orders' });
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Stalled')).toBeUndefined();
  });

  it('is not tried again before Airflow wants it', async () => {
    const world = await readyWorld();
    world.airflow.fail('deploy', new AirflowError('throttled', 'Later.', { retryAfter: 45_000 }));
    world.pipelines.create(pipelineManifest());

    expect(await world.reconcile()).toEqual({ kind: 'failed', notBefore: 45_000 });
  });

  it('is told once by a Warning, however often it is tried', async () => {
    const world = await refusedWorld('serverError');
    await world.pass(300);

    expect(world.events.of('DeployFailed')).toEqual([
      'Warning orders DeployFailed: Airflow says serverError.',
    ]);
  });

  it('leaves what runs as it is, when a change is refused', async () => {
    const world = await deployedWorld();
    const before = world.airflow.rows.get(DAG_ID)?.description;
    world.airflow.fail('deploy', airflowError('invalidPayload'));
    respecify(world, { displayName: 'Orders' });
    await world.pass(30);

    expect(condition(world, 'Deployed')).toBe('False InvalidPayload');
    expect(world.airflow.rows.get(DAG_ID)).toMatchObject({ description: before, isPaused: false });
  });

  it.each<[AirflowErrorKind, boolean]>([
    ['invalidPayload', false],
    ['versionMismatch', false],
    ['serverError', true],
    ['timeout', true],
  ])('slows the next deploys down only where Airflow is not well: %s', async (kind, slowed) => {
    const world = await refusedWorld(kind);
    await world.reconcile();

    expect(pauseOf(world) > 0).toBe(slowed);
  });

  it('does not slow the next deploys down because it was quicker than they are', async () => {
    const world = await refusedWorld('invalidPayload');
    await world.pass(10);
    world.airflow.fail('deploy', undefined);
    for (const displayName of ['one', 'two', 'three']) {
      world.airflow.afterNext('deploy', () => world.clockwork.jump(2_000));
      respecify(world, { displayName });
      await world.pass(30);
    }

    expect(pauseOf(world)).toBe(0);
  });

  it.each<[AirflowErrorKind, string, string]>([
    ['configsDirectoryReadOnly', 'Mounted', 'False ConfigsDirectoryReadOnly'],
    ['permissionDenied', 'Authenticated', 'False PermissionDenied'],
  ])('shows on the client where every deploy would fail: %s', async (kind, type, expected) => {
    const world = await refusedWorld(kind);
    await world.pass(20);

    expect(clientCondition(world, type)).toBe(expected);
    expect(clientCondition(world, 'Ready')).toMatch(/^False /);

    world.airflow.fail('deploy', undefined);
    await world.pass(400);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});

describe('an API server that', () => {
  it('is slow does not slow deploys down, which are for Airflow', async () => {
    const world = await deployedWorld();
    world.pipelines.duringWrites(() => world.clockwork.jump(2_000));
    respecify(world, { displayName: 'Orders' });
    await world.pass(30);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(pauseOf(world)).toBe(0);
  });

  it('refuses a write does not slow deploys down either', async () => {
    const world = await deployedWorld();
    respecify(world, { displayName: 'Orders' });
    world.pipelines.refuseWrites(new KubeError('unavailable', PIPELINE_KEY));
    await world.pass(30);

    expect(pauseOf(world)).toBe(0);
  });
});

function pauseOf(world: World): number {
  return world.operator().connections.get(CLIENT_KEY)?.gate.snapshot().pauseMilliseconds ?? Number.NaN;
}

describe('a call other than a deploy that fails', () => {
  it.each<[AirflowErrorKind, string]>([
    ['connectionRefused', 'False ClientNotReady'],
    ['timeout', 'False ClientNotReady'],
    ['invalidCredentials', 'False ClientNotReady'],
    ['permissionDenied', 'False PermissionDenied'],
    ['serverError', 'False ServerError'],
  ])('keeps the conditions found so far and says why it is not Ready: %s', async (kind, ready) => {
    const world = await readyWorld();
    world.airflow.fail('enable', airflowError(kind));
    world.pipelines.create(pipelineManifest());
    await world.reconcile();

    expect(condition(world, 'Deployed')).toBe('True Deployed');
    expect(condition(world, 'Ready')).toBe(ready);
    expect(condition(world, 'Reconciling')).toBeDefined();
  });
});
