import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import { appendMark, createMark } from '../../domain/mark.ts';
import { KubeError } from '../../kube/kubeError.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import {
  annotate,
  condition,
  deployedWorld,
  message,
  readyWorld,
  statusOf,
  type World,
} from '../testing/world.ts';

function isGone(world: World): boolean {
  return world.pipelines.get(PIPELINE_KEY) === undefined;
}

function documents(world: World): string[] {
  return [...world.shelf.texts.values()].flatMap((data) => Object.keys(data));
}

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
    await world.pass(7200);

    expect(isGone(world)).toBe(false);
    expect(condition(world, 'Ready')).toBe('False Deleting');
    expect(message(world, 'Ready')).toContain('Airflow says connectionRefused.');

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

describe('a pipeline that leaves its DAG behind', () => {
  it('does so without a warning with deletionPolicy Orphan, but takes its document along', async () => {
    const world = await deployedWorld({ deletionPolicy: 'Orphan' });
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(0);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
    expect(documents(world)).toEqual([]);
    expect(world.events.of('Orphaned')).toEqual([
      expect.stringMatching(/^Normal .*deletionPolicy is Orphan/),
    ]);
  });

  it('does so when it is forced to while Airflow is down', async () => {
    const world = await deployedWorld();
    world.airflow.setDown(airflowError('timeout'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(60);
    annotate(world, { [ANNOTATIONS.forceOrphan]: 'true' });
    await world.pass(0);

    expect(isGone(world)).toBe(true);
    expect(world.events.of('Orphaned')).toEqual([expect.stringMatching(/^Warning .*force-orphan/)]);
  });

  it('does so when its client is gone', async () => {
    const world = await deployedWorld();
    world.clients.edit(CLIENT_KEY, ({ metadata }) => ({ metadata: { ...metadata, finalizers: [] } }));
    world.clients.delete(CLIENT_KEY);
    await world.pass(10);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(documents(world)).toEqual([]);
    expect(world.events.of('Orphaned')).toEqual([
      expect.stringMatching(/^Warning .*does not exist any more/),
    ]);
  });

  it('does so when the credentials are gone and none are remembered', async () => {
    const world = await deployedWorld();
    world.shelf.removeSecret('openmetadata/airflow-secrets');
    world.restart();
    await world.pass(5);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.events.of('Orphaned')).toEqual([expect.stringMatching(/^Warning .*credentials is gone/)]);
  });

  it('does not while the credentials that are remembered still work', async () => {
    const world = await deployedWorld();
    world.shelf.removeSecret('openmetadata/airflow-secrets');
    await world.pass(120);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.events.of('Orphaned')).toEqual([]);
  });

  it('does so when the credentials that are remembered are refused, and only then', async () => {
    const world = await deployedWorld();
    world.airflow.setDown(airflowError('invalidCredentials'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(300);

    expect(isGone(world)).toBe(false);

    world.shelf.removeSecret('openmetadata/airflow-secrets');
    await world.pass(400);

    expect(isGone(world)).toBe(true);
    expect(world.events.of('Orphaned')).toHaveLength(1);
  });

  it('needs no ConfigMap in a namespace that is being deleted', async () => {
    const world = await deployedWorld();
    world.namespaces.set('openmetadata', { labels: {}, terminating: true });
    world.shelf.refuseWrites(new KubeError('forbidden', 'PATCH'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
  });

  it('is not held by a document that may not be removed, only in a namespace that stays', async () => {
    const world = await deployedWorld();
    world.shelf.refuseWrites(new KubeError('forbidden', 'PATCH'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(false);
    expect(world.operator().thrown()).not.toEqual([]);
  });
});

describe('a namespace with client and pipelines that is deleted as a whole', () => {
  it('goes, with the DAG taken down', async () => {
    const world = await deployedWorld();
    world.clients.delete(CLIENT_KEY);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(30);

    expect(isGone(world)).toBe(true);
    expect(world.clients.get(CLIENT_KEY)).toBeUndefined();
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
  });

  it.each([
    ['with the secrets still there', false],
    ['with the secrets gone', true],
  ])('goes also where the operator was restarted meanwhile, %s', async (_, isSecretGone) => {
    const world = await deployedWorld();
    world.clients.delete(CLIENT_KEY);
    world.pipelines.delete(PIPELINE_KEY);
    if (isSecretGone) {
      world.shelf.removeSecret('openmetadata/airflow-secrets');
    }
    world.restart();
    await world.pass(60);

    expect(isGone(world)).toBe(true);
    expect(world.clients.get(CLIENT_KEY)).toBeUndefined();
    expect(world.airflow.rows.get(DAG_ID) === undefined).toBe(!isSecretGone);
  });

  it('keeps the client while a pipeline uses it, and the pipeline goes on', async () => {
    const world = await deployedWorld();
    world.clients.delete(CLIENT_KEY);
    world.restart();
    await world.pass(30);
    world.airflow.rows.startRun(DAG_ID, 'first');
    await world.pass(30);

    expect(world.clients.get(CLIENT_KEY)).toBeDefined();
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).activeRuns).toBe(1);
  });
});
