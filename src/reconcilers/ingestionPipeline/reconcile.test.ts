import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import {
  annotate,
  condition,
  deployedWorld,
  message,
  readyWorld,
  isGone,
  respecify,
  statusOf,
} from '../testing/world.ts';

describe('the paused annotation', () => {
  it('makes the operator leave a pipeline alone from its creation on', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest({}, { annotations: { [ANNOTATIONS.paused]: 'true' } }));
    await world.pass(1800);

    expect(world.pipelines.get(PIPELINE_KEY)?.metadata.finalizers).toBeUndefined();
    expect(statusOf(world).conditions?.map(({ type }) => type)).toEqual(['Paused']);
    expect(statusOf(world).observedGeneration).toBeUndefined();
    expect(world.airflow.history).toEqual([]);
  });

  it('stops everything but what goes on in Airflow, and ends when it is taken away', async () => {
    const world = await deployedWorld();
    annotate(world, { [ANNOTATIONS.paused]: 'true' });
    respecify(world, { suspend: true });
    await world.pass(1800);

    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
    expect(condition(world, 'Paused')).toBe('True Paused');
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).observedGeneration).toBe(1);

    annotate(world, { [ANNOTATIONS.paused]: 'false' });
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True Suspended');
    expect(condition(world, 'Paused')).toBeUndefined();
  });
});

describe('a deletion of a paused pipeline', () => {
  it('goes on, so that an annotation cannot hold up a namespace', async () => {
    const world = await deployedWorld();
    annotate(world, { [ANNOTATIONS.paused]: 'true' });
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(60);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
  });
});

describe('a reconcile on request', () => {
  it('looks at Airflow at once instead of trusting what the poller saw', async () => {
    const world = await deployedWorld();
    world.airflow.rows.lose();
    annotate(world, { [ANNOTATIONS.requestedAt]: 'now' });
    await world.pass(0);

    expect(world.events.of('DriftCorrected')).toHaveLength(1);
    expect(statusOf(world).lastHandledReconcileAt).toBe('now');
  });

  it('is recorded also where the pipeline cannot be deployed', async () => {
    const world = await readyWorld();
    world.airflow.rows.addByHand(DAG_ID, 'made by hand');
    world.pipelines.create(pipelineManifest());
    await world.pass(10);
    annotate(world, { [ANNOTATIONS.requestedAt]: 'now' });
    await world.pass(0);

    expect(condition(world, 'Ready')).toBe('False DagExists');
    expect(statusOf(world).lastHandledReconcileAt).toBe('now');
  });
});

describe('a fault of the operator itself', () => {
  it('is told without its details, logged, and tried again', async () => {
    const world = await readyWorld();
    world.airflow.failOnce('enable', new TypeError('planted-token'));
    world.pipelines.create(pipelineManifest());

    expect(await world.reconcile()).toMatchObject({ kind: 'failed' });
    expect(condition(world, 'Ready')).toBe('False Unexpected');
    expect(message(world, 'Ready')).toContain('TypeError');
    expect(message(world, 'Ready')).not.toContain('planted');
    expect(world.operator().lines).toHaveLength(1);

    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});

describe('a pipeline that does not exist', () => {
  it('needs nothing', async () => {
    const world = await readyWorld();

    expect(await world.reconcile('team-a/nothing')).toEqual({ kind: 'done' });
  });
});

describe('many pipelines', () => {
  it('are all deployed through a failing Airflow, each once', async () => {
    const world = await readyWorld({ limits: { concurrentDeploys: 3, deploysPerMinute: 600 } });
    const names = Array.from({ length: 12 }, (_, index) => `orders-${index}`);
    names.forEach((name) => world.pipelines.create(pipelineManifest({}, { name })));
    world.airflow.fail('enable', airflowError('serverError'));
    await world.pass(30);
    world.airflow.fail('enable', undefined);
    await world.pass(300);

    expect(names.map((name) => condition(world, 'Ready', `team-a/${name}`))).toEqual(
      names.map(() => 'True ReconcileSucceeded'),
    );
    expect(world.airflow.history.filter((change) => change.startsWith('deploy'))).toHaveLength(12);
    expect(world.clients.get('openmetadata/airflow')?.status?.pipelines).toEqual({
      total: 12,
      ready: 12,
      stalled: 0,
    });
  });
});
