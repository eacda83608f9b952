import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import { appendMark, createMark, readMark } from '../../domain/mark.ts';
import { DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import {
  annotate,
  condition,
  documents,
  deployedWorld,
  message,
  readyWorld,
  respecify,
  type World,
} from '../testing/world.ts';

const foreignMark = createMark({ ownerId: 'east', namespace: 'team-b', name: 'orders' }, 'f'.repeat(64));

async function worldWithDag(description: string, spec = {}): Promise<World> {
  const world = await readyWorld();
  world.airflow.rows.addByHand(DAG_ID, description);
  world.pipelines.create(pipelineManifest(spec));
  await world.pass(70);
  return world;
}

describe('a DAG of the same id that is there already', () => {
  it('is not touched where it carries no mark', async () => {
    const world = await worldWithDag('made by hand');

    expect(condition(world, 'Deployed')).toBe('False DagExists');
    expect(condition(world, 'Stalled')).toBe('True DagExists');
    expect(message(world, 'Ready')).toContain('spec.adopt');
    expect(world.airflow.history).toEqual([]);
    expect(world.events.of('DagExists')).toHaveLength(1);
  });

  it('is not touched where it carries the mark of somebody else, who is named', async () => {
    const world = await worldWithDag(appendMark('', foreignMark));

    expect(condition(world, 'Deployed')).toBe('False DagIdConflict');
    expect(condition(world, 'Stalled')).toBe('True DagIdConflict');
    expect(message(world, 'Ready')).toContain('team-b/orders of operator "east"');
    expect(world.airflow.history).toEqual([]);
  });

  it.each([
    ['without a mark', 'made by hand'],
    ['with the mark of somebody else', appendMark('', foreignMark)],
  ])('is taken over with adopt: %s', async (_, description) => {
    const world = await worldWithDag(description, { adopt: true });

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`]);
    expect(world.events.of('Deployed')).toEqual([expect.stringContaining('Took over')]);
    expect(readMark(world.airflow.rows.get(DAG_ID)?.description ?? '')?.owner).toEqual({
      ownerId: 'default',
      namespace: 'team-a',
      name: 'orders',
    });
  });

  it('does not lend its runs to a pipeline that it was taken from', async () => {
    const world = await deployedWorld();
    const row = world.airflow.rows.get(DAG_ID);
    if (row !== undefined) {
      row.description = appendMark('', foreignMark);
    }
    await world.pass(10);
    world.airflow.rows.startRun(DAG_ID, 'foreign');
    world.airflow.rows.endRun(DAG_ID, 'foreign', 'failed');
    await world.pass(70);

    expect(condition(world, 'Deployed')).toBe('False DagIdConflict');
    expect(condition(world, 'LastRunSucceeded')).toBe('Unknown NoRunYet');
    expect(world.events.of('Failed')).toEqual([]);
  });

  it('is taken over when adopt is set later', async () => {
    const world = await worldWithDag('made by hand');
    respecify(world, { adopt: true });
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is deployed when it has gone', async () => {
    const world = await worldWithDag('made by hand');
    world.airflow.rows.lose();
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is deployed over where only the row of a DAG without file is left', async () => {
    const world = await readyWorld();
    world.airflow.rows.addByHand(DAG_ID, 'long gone').isActive = false;
    world.pipelines.create(pipelineManifest());
    await world.reconcile();

    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`]);
  });

  it('does not tell of failures from before it was taken over', async () => {
    const world = await readyWorld();
    world.airflow.rows.addByHand(DAG_ID, 'made by hand');
    world.airflow.rows.startRun(DAG_ID, 'old');
    world.airflow.rows.endRun(DAG_ID, 'old', 'failed');
    world.airflow.rows.delays.registration = 10_000;
    world.pipelines.create(pipelineManifest({ adopt: true }));
    await world.pass(60);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'LastRunSucceeded')).toBe('False Failed');
    expect(world.events.of('Failed')).toEqual([]);
  });
});

describe('two pipelines that claim one DAG', () => {
  async function rivals(): Promise<World> {
    const world = await deployedWorld({ name: 'shared' });
    world.pipelines.create(pipelineManifest({ name: 'shared' }, { namespace: 'team-b' }));
    await world.pass(70);
    return world;
  }

  it('leave it to the older one, which the younger one names', async () => {
    const world = await rivals();

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Validated', 'team-b/orders')).toBe('False DagIdConflict');
    expect(condition(world, 'Stalled', 'team-b/orders')).toBe('True DagIdConflict');
    expect(message(world, 'Ready', 'team-b/orders')).toContain(PIPELINE_KEY);
    expect(world.airflow.history).toEqual(['deploy shared', 'enable shared']);
  });

  it('leave it to the younger one when the older one is deleted', async () => {
    const world = await rivals();
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(30);

    expect(world.pipelines.get(PIPELINE_KEY)).toBeUndefined();
    expect(condition(world, 'Ready', 'team-b/orders')).toBe('True ReconcileSucceeded');
    expect(world.airflow.rows.get('shared')?.isPaused).toBe(false);
    expect(JSON.stringify([...world.shelf.texts])).toContain('team-b/orders');
  });

  it('leave it to the older one when the younger one is deleted: nothing happens in Airflow', async () => {
    const world = await rivals();
    const before = [...world.airflow.history];
    world.pipelines.delete('team-b/orders');
    await world.pass(30);

    expect(world.pipelines.get('team-b/orders')).toBeUndefined();
    expect(world.airflow.history).toEqual(before);
    expect(JSON.stringify([...world.shelf.texts])).toContain('team-a/orders');
  });

  it('leave no document behind when both are deleted', async () => {
    const world = await rivals();
    world.pipelines.delete(PIPELINE_KEY);
    world.pipelines.delete('team-b/orders');
    await world.pass(10);

    expect([...world.pipelines.list()]).toEqual([]);
    expect(documents(world)).toEqual([]);
  });

  it('leave the document alone when the one that has lost it is deleted', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest({ name: 'shared', adopt: true, clientRef: { name: 'none' } }));
    world.pipelines.create(pipelineManifest({ name: 'shared' }, { namespace: 'team-b' }));
    await world.pass(10);

    expect(condition(world, 'Ready', 'team-b/orders')).toBe('True ReconcileSucceeded');

    respecify(world, { clientRef: { name: 'airflow', namespace: 'openmetadata' } });
    await world.pass(10);
    annotate(world, { [ANNOTATIONS.paused]: 'true' });
    world.pipelines.delete('team-b/orders');
    await world.pass(10);

    expect(world.pipelines.get('team-b/orders')).toBeUndefined();
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history).not.toContain('remove shared');
    expect(JSON.stringify([...world.shelf.texts])).toContain('team-a/orders');
  });

  it('do not both exist for Airflow where one of them may not use the client', async () => {
    const world = await readyWorld({
      allowedNamespaces: { from: 'Selector', selector: { matchLabels: { a: 'b' } } },
    });
    world.namespaces.set('team-a', { labels: {}, terminating: false });
    world.namespaces.set('team-b', { labels: { a: 'b' }, terminating: false });
    world.pipelines.create(pipelineManifest({ name: 'shared' }));
    await world.pass(10);
    world.pipelines.create(pipelineManifest({ name: 'shared' }, { namespace: 'team-b' }));
    await world.pass(70);

    expect(condition(world, 'Ready')).toBe('False ClientNotAllowed');
    expect(condition(world, 'Ready', 'team-b/orders')).toBe('True ReconcileSucceeded');
  });
});
