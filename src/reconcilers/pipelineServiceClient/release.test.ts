import { describe, expect, it } from 'vitest';
import { FINALIZER } from '../../api/group.ts';
import { CLIENT_KEY, clientManifest, DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import {
  clientCondition,
  condition,
  deployedWorld,
  message,
  readyWorld,
  respecify,
} from '../testing/world.ts';

describe('a client that is deleted', () => {
  it('goes at once where nothing uses it, and its connection is closed', async () => {
    const world = await readyWorld();

    expect(world.clients.get(CLIENT_KEY)?.metadata.finalizers).toEqual([FINALIZER]);

    world.clients.delete(CLIENT_KEY);
    await world.pass(1);

    expect(world.clients.get(CLIENT_KEY)).toBeUndefined();
    expect(world.operator().connections.get(CLIENT_KEY)).toBeUndefined();
  });

  it('stays while a pipeline refers to it, says so, and goes on serving it', async () => {
    const world = await deployedWorld();
    world.clients.delete(CLIENT_KEY);
    await world.pass(60);
    respecify(world, { suspend: true });
    await world.pass(10);

    expect(clientCondition(world, 'InUse')).toBe('True InUse');
    expect(message(world, 'InUse', CLIENT_KEY)).toBe(
      'Is deleted when no pipeline uses it or has a DAG in its Airflow any more. Left: team-a/orders.',
    );
    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Ready')).toBe('True Suspended');
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(true);
  });

  it('names three of the pipelines that it waits for, and says how many more there are', async () => {
    const world = await readyWorld();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      world.pipelines.create(pipelineManifest({}, { name }));
    }
    await world.pass(10);
    world.clients.delete(CLIENT_KEY);
    await world.pass(10);

    expect(message(world, 'InUse', CLIENT_KEY)).toMatch(
      /Left: team-a\/a, team-a\/b, team-a\/c and 2 more\.$/,
    );
  });

  it('goes soon after the last pipeline that uses it', async () => {
    const world = await deployedWorld();
    world.clients.delete(CLIENT_KEY);
    await world.pass(60);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.clients.get(CLIENT_KEY)).toBeUndefined();
  });

  it('goes soon after its last pipeline has moved to another Airflow, and not before', async () => {
    const world = await deployedWorld();
    world.clients.delete(CLIENT_KEY);
    await world.pass(60);
    respecify(world, { clientRef: { name: 'other', namespace: 'openmetadata' } });
    await world.pass(60);

    expect(clientCondition(world, 'InUse')).toBe('True InUse');

    world.clients.create(clientManifest({ apiEndpoint: 'http://other:8080' }, { name: 'other' }));
    await world.pass(60);

    expect(world.clients.get(CLIENT_KEY)).toBeUndefined();
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.otherAirflow.rows.get(DAG_ID)).toBeDefined();
  });

  it('leaves the finalizers of others alone', async () => {
    const world = await readyWorld();
    world.clients.edit(CLIENT_KEY, ({ metadata }) => ({
      metadata: { ...metadata, finalizers: [...(metadata.finalizers ?? []), 'example.org/other'] },
    }));
    world.clients.delete(CLIENT_KEY);
    await world.pass(10);

    expect(world.clients.get(CLIENT_KEY)?.metadata.finalizers).toEqual(['example.org/other']);
  });
});
