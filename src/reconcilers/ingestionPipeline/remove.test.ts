import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import { appendMark, createMark } from '../../domain/mark.ts';
import { KubeError } from '../../kube/kubeError.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import { condition, deployedWorld, documents, isGone, message, readyWorld } from '../testing/world.ts';

describe('a pipeline that is deleted', () => {
  it('is paused, has its runs stopped, is removed, and then lets go', async () => {
    const world = await deployedWorld();
    world.airflow.rows.startRun(DAG_ID, 'running');
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(0);

    expect(world.airflow.history.slice(2)).toEqual([
      `disable ${DAG_ID}`,
      `kill ${DAG_ID}`,
      `remove ${DAG_ID}`,
    ]);
    expect(isGone(world)).toBe(true);
    expect(documents(world)).toEqual([]);
    expect(world.events.of('Deleted')).toHaveLength(1);
  });

  it('has nothing to stop where nothing runs', async () => {
    const world = await deployedWorld({ suspend: true });
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(0);

    expect(world.airflow.history.slice(1)).toEqual([`remove ${DAG_ID}`]);
    expect(isGone(world)).toBe(true);
  });

  it('keeps its finalizer until Airflow is seen without the DAG', async () => {
    const world = await deployedWorld();
    world.airflow.rows.delays.removal = 60_000;
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(55);

    expect(isGone(world)).toBe(false);
    expect(condition(world, 'Ready')).toBe('False Deleting');
    expect(message(world, 'Ready')).toContain(ANNOTATIONS.forceOrphan);

    await world.pass(10);

    expect(isGone(world)).toBe(true);
  });

  it('waits while Airflow is down, for as long as it takes', async () => {
    const world = await deployedWorld();
    world.airflow.setDown(airflowError('connectionRefused'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(1200);

    expect(isGone(world)).toBe(false);
    expect(condition(world, 'Ready')).toBe('False Deleting');
    expect(message(world, 'Ready')).toContain(
      'The DAG cannot be removed yet. Airflow says connectionRefused.',
    );

    world.airflow.setDown(undefined);
    await world.pass(15);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
  });

  it.each(['disable', 'kill', 'remove'] as const)('goes on where %s failed once', async (verb) => {
    const world = await deployedWorld();
    world.airflow.rows.startRun(DAG_ID, 'running');
    world.airflow.failOnce(verb, airflowError('serverError'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(15);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
  });

  it('goes on after a restart in the middle', async () => {
    const world = await deployedWorld();
    world.airflow.rows.delays.removal = 20_000;
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(5);
    world.restart();
    await world.pass(60);

    expect(isGone(world)).toBe(true);
  });

  it('does not wait for a turn to be deployed any more', async () => {
    const world = await readyWorld({ limits: { deploysPerMinute: 1 } });
    world.pipelines.create(pipelineManifest({}, { name: 'customers' }));
    world.pipelines.create(pipelineManifest());
    await world.pass(5);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(5);

    expect(isGone(world)).toBe(true);
    expect(world.operator().connections.get(CLIENT_KEY)?.gate.snapshot().queued).toBe(0);
  });

  it('has its DAG taken down also where its status was lost with a backup', async () => {
    const world = await deployedWorld();
    world.pipelines.edit(PIPELINE_KEY, () => ({ status: undefined }));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
  });

  it('does not wait for an Airflow that it never got to', async () => {
    const world = await readyWorld();
    world.airflow.setDown(airflowError('dnsFailed'));
    world.pipelines.create(pipelineManifest());
    await world.pass(10);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(documents(world)).toEqual([]);
  });

  it('takes its document along though it was never deployed', async () => {
    const world = await readyWorld();
    world.openMetadata.services.clear();
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(documents(world)).toHaveLength(1);

    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(documents(world)).toEqual([]);
    expect(world.airflow.history).toEqual([]);
  });

  it('takes its document along also where the client keeps documents elsewhere by now', async () => {
    const world = await deployedWorld();
    world.airflow.setDown(airflowError('timeout'));
    await world.pass(100);
    world.clients.edit(CLIENT_KEY, ({ spec }) => ({ spec: { ...spec, configMap: { name: 'other' } } }));
    await world.pass(10);
    world.airflow.setDown(undefined);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(30);

    expect(isGone(world)).toBe(true);
    expect(documents(world)).toEqual([]);
  });

  it('leaves the finalizers of others alone', async () => {
    const world = await deployedWorld();
    world.pipelines.edit(PIPELINE_KEY, ({ metadata }) => ({
      metadata: { ...metadata, finalizers: [...(metadata.finalizers ?? []), 'example.org/other'] },
    }));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(world.pipelines.get(PIPELINE_KEY)?.metadata.finalizers).toEqual(['example.org/other']);
  });

  it('tries again where somebody else changed it at the same time', async () => {
    const world = await deployedWorld();
    world.pipelines.delete(PIPELINE_KEY);
    world.pipelines.editUnseen(PIPELINE_KEY, ({ metadata }) => ({
      metadata: { ...metadata, labels: { a: 'b' } },
    }));

    await expect(world.reconcile()).rejects.toThrow(KubeError);
    expect(isGone(world)).toBe(false);

    world.pipelines.edit(PIPELINE_KEY, () => ({}));
    await world.pass(5);

    expect(isGone(world)).toBe(true);
  });
});

describe('a DAG of somebody else', () => {
  const foreign = createMark({ ownerId: 'east', namespace: 'team-b', name: 'orders' }, 'f'.repeat(64));

  it.each([
    ['that was there first', 'by hand', 'made by hand'],
    ['with the mark of somebody else', 'foreign', appendMark('', foreign)],
  ])('is not touched: one %s', async (_, __, description) => {
    const world = await readyWorld();
    world.airflow.rows.addByHand(DAG_ID, description);
    world.pipelines.create(pipelineManifest());
    await world.pass(10);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.history).toEqual([]);
    expect(world.airflow.rows.get(DAG_ID)).toBeDefined();
  });

  it('is not touched either where it has taken the place of ours', async () => {
    const world = await deployedWorld();
    const row = world.airflow.rows.get(DAG_ID);
    if (row !== undefined) {
      row.description = appendMark('', foreign);
    }
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeDefined();
  });
});
