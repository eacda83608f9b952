import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import { KubeError } from '../../kube/kubeError.ts';
import {
  annotate,
  condition,
  deployedWorld,
  readyWorld,
  respecify,
  statusOf,
  type World,
} from '../testing/world.ts';

function runs(world: World): number {
  return world.airflow.rows.get(DAG_ID)?.runs.length ?? 0;
}

function request(world: World, value: string): void {
  annotate(world, { [ANNOTATIONS.runRequestedAt]: value });
}

describe('a run on request', () => {
  it('is started once for one value of the annotation', async () => {
    const world = await deployedWorld();
    request(world, '2026-11-23T07:00:00Z');
    await world.pass(700);

    expect(runs(world)).toBe(1);
    expect(statusOf(world).lastHandledRunRequest).toBe('2026-11-23T07:00:00Z');
    expect(world.events.of('RunTriggered')).toHaveLength(1);

    request(world, '2026-11-23T08:00:00Z');
    await world.pass(10);

    expect(runs(world)).toBe(2);
  });

  it('shows at once as the last run', async () => {
    const world = await deployedWorld();
    request(world, 'now');
    await world.pass(0);

    expect(statusOf(world)).toMatchObject({
      activeRuns: 1,
      lastRun: { state: 'running', trigger: 'manual' },
    });
    expect(condition(world, 'LastRunSucceeded')).toBe('Unknown Running');
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is started once for each change of the nonce, and deploys nothing', async () => {
    const world = await deployedWorld({ runNonce: '1' });
    respecify(world, { runNonce: '2' });
    await world.pass(30);

    expect(runs(world)).toBe(1);
    expect(world.airflow.history.filter((change) => change.startsWith('deploy'))).toHaveLength(1);

    respecify(world, { runNonce: '1' });
    await world.pass(30);

    expect(runs(world)).toBe(2);

    respecify(world, { runNonce: '2' });
    await world.pass(30);

    expect(runs(world)).toBe(3);
    expect(statusOf(world).lastHandledRunNonce).toBe('2');
  });

  it('is started when a nonce that was taken away is given again', async () => {
    const world = await deployedWorld({ runNonce: '1' });
    respecify(world, { runNonce: undefined });
    await world.pass(30);

    expect(runs(world)).toBe(0);
    expect(statusOf(world).lastHandledRunNonce).toBeUndefined();

    respecify(world, { runNonce: '1' });
    await world.pass(30);

    expect(runs(world)).toBe(1);
  });

  it('is started when a pipeline gets its first nonce after its creation', async () => {
    const world = await deployedWorld();
    respecify(world, { runNonce: '1' });
    await world.pass(30);

    expect(runs(world)).toBe(1);
  });

  it.each([0, 20_000])(
    'is not asked for by the nonce of a new pipeline (registered after %i ms)',
    async (delay) => {
      const world = await readyWorld();
      world.airflow.rows.delays.registration = delay;
      world.pipelines.create(pipelineManifest({ runNonce: '1' }));
      await world.pass(700);

      expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
      expect(runs(world)).toBe(0);
      expect(statusOf(world).lastHandledRunNonce).toBe('1');
    },
  );

  it('is asked for by the annotation of a new pipeline', async () => {
    const world = await readyWorld();
    world.airflow.rows.delays.registration = 20_000;
    world.pipelines.create(pipelineManifest({}, { annotations: { [ANNOTATIONS.runRequestedAt]: 'a' } }));
    await world.pass(60);

    expect(runs(world)).toBe(1);
  });

  it('is one run where annotation and nonce change together', async () => {
    const world = await deployedWorld({ runNonce: '1' });
    world.pipelines.edit(PIPELINE_KEY, ({ metadata, spec }) => ({
      metadata: { ...metadata, annotations: { [ANNOTATIONS.runRequestedAt]: 'a' } },
      spec: { ...spec, runNonce: '2' },
    }));
    await world.pass(30);

    expect(runs(world)).toBe(1);
  });

  it('waits while the pipeline is suspended', async () => {
    const world = await deployedWorld({ suspend: true });
    request(world, 'a');
    await world.pass(30);

    expect(runs(world)).toBe(0);
    expect(statusOf(world).lastHandledRunRequest).toBeUndefined();
    expect(statusOf(world).pendingRun?.message).toContain('spec.suspend is true');
    expect(world.events.of('RunPending')).toHaveLength(1);

    respecify(world, { suspend: false });
    await world.pass(10);

    expect(runs(world)).toBe(1);
    expect(statusOf(world).pendingRun).toBeUndefined();
  });

  it('keeps the id that the status shows while it waits, whatever else is changed, and is told of once', async () => {
    const world = await deployedWorld({ suspend: true });
    respecify(world, { runNonce: '1' });
    await world.pass(10);
    const { pendingRun } = statusOf(world);
    respecify(world, { displayName: 'Orders' });
    await world.pass(10);
    respecify(world, { suspend: false });
    await world.pass(10);

    expect(world.airflow.rows.get(DAG_ID)?.runs.map(({ runId }) => runId)).toEqual([pendingRun?.runId]);
    expect(world.events.of('RunPending')).toHaveLength(1);
  });

  it('is one run where the operator died after the trigger, and the specification changed before it was back', async () => {
    const world = await deployedWorld();
    world.airflow.afterNext('trigger', () =>
      world.pipelines.refuseWrites(new KubeError('conflict', PIPELINE_KEY)),
    );
    respecify(world, { runNonce: '1' });
    await world.pass(5);
    world.pipelines.refuseWrites(undefined);
    respecify(world, { displayName: 'Orders' });
    world.restart();
    await world.pass(30);

    expect(runs(world)).toBe(1);
    expect(statusOf(world).lastHandledRunNonce).toBe('1');
    expect(statusOf(world).pendingRun).toBeUndefined();
  });

  it('waits until the DAG is there, and says so', async () => {
    const world = await readyWorld();
    world.airflow.fail('deploy', airflowError('invalidPayload'));
    world.pipelines.create(pipelineManifest({}, { annotations: { [ANNOTATIONS.runRequestedAt]: 'a' } }));
    await world.pass(10);

    expect(statusOf(world).pendingRun?.message).toContain('Airflow says invalidPayload.');
    expect(world.events.of('RunPending')).toHaveLength(1);

    world.airflow.fail('deploy', undefined);
    await world.pass(300);

    expect(runs(world)).toBe(1);
    expect(statusOf(world).pendingRun).toBeUndefined();
    expect(statusOf(world).lastRun?.runId).toBeDefined();
  });

  it('that is withdrawn while it waits is forgotten', async () => {
    const world = await deployedWorld({ suspend: true });
    request(world, 'a');
    await world.pass(10);
    world.pipelines.edit(PIPELINE_KEY, ({ metadata }) => ({ metadata: { ...metadata, annotations: {} } }));
    respecify(world, { suspend: false });
    await world.pass(10);

    expect(runs(world)).toBe(0);
    expect(statusOf(world).pendingRun).toBeUndefined();
  });

  it.each([
    ['the operator was killed after Airflow took it', new Error('killed'), 'after'],
    ['the operator was killed before Airflow got it', new Error('killed'), 'before'],
    ['the answer was lost after Airflow took it', airflowError('unknownOutcome'), 'after'],
    ['the answer was lost before Airflow got it', airflowError('unknownOutcome'), 'before'],
    ['the plugin hides why it failed though the run began', airflowError('serverError'), 'after'],
    ['Airflow does not know the DAG for the moment', airflowError('dagNotFound'), 'before'],
  ] as const)('is one run where %s', async (_, error, moment) => {
    const world = await deployedWorld();
    world.airflow.failOnce('trigger', error, moment);
    request(world, 'a');
    await world.pass(60);

    expect(runs(world)).toBe(1);
    expect(statusOf(world).lastHandledRunRequest).toBe('a');
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is one run where the status could not be written', async () => {
    const world = await deployedWorld();
    world.pipelines.refuseWrites(new KubeError('conflict', PIPELINE_KEY));
    request(world, 'a');
    await world.pass(20);
    world.pipelines.refuseWrites(undefined);
    world.restart();
    await world.pass(60);

    expect(runs(world)).toBe(1);
    expect(statusOf(world).lastHandledRunRequest).toBe('a');
  });

  it('is one run where so many came after it that Airflow lists it no more', async () => {
    const world = await deployedWorld();
    world.airflow.afterNext('trigger', () => {
      Array.from({ length: 12 }, (__, index) => world.airflow.rows.startRun(DAG_ID, `later-${index}`));
      throw new Error('killed');
    });
    request(world, 'a');
    await world.pass(60);

    expect(runs(world)).toBe(13);
    expect(statusOf(world).lastHandledRunRequest).toBe('a');
  });

  it('that cannot be started does not make the pipeline less Ready, and is tried again', async () => {
    const world = await deployedWorld();
    world.airflow.fail('trigger', airflowError('permissionDenied'));
    request(world, 'a');

    expect(await world.reconcile()).toMatchObject({ kind: 'failed' });
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).pendingRun?.message).toBe('Airflow says permissionDenied.');
    expect(world.events.of('PermissionDenied')).toEqual([
      expect.stringMatching(/^Warning .*could not be started.*Airflow says permissionDenied\.$/),
    ]);

    world.airflow.fail('trigger', undefined);
    await world.pass(60);

    expect(runs(world)).toBe(1);
  });
});
