import { describe, expect, it } from 'vitest';
import { clientManifest, DAG_ID } from '../testing/manifests.ts';
import { condition, deployedWorld, respecify, statusOf, type World } from '../testing/world.ts';

describe('a pipeline that turns to another client', () => {
  async function movedWorld(apiEndpoint: string): Promise<World> {
    const world = await deployedWorld({ driftPolicy: 'Warn' });
    world.clients.create(clientManifest({ apiEndpoint }, { name: 'other' }));
    await world.pass(10);
    respecify(world, { clientRef: { name: 'other', namespace: 'openmetadata' } });
    await world.pass(30);
    return world;
  }

  it('is deployed there like a new one, and says that its DAG stays behind', async () => {
    const world = await movedWorld('http://other:8080');

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).clientRef?.name).toBe('other');
    expect(world.otherAirflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
    expect(world.events.of('Orphaned')).toEqual([
      expect.stringMatching(/^Warning .*left in the Airflow of PipelineServiceClient openmetadata\/airflow/),
    ]);
  });

  it('goes on where that leads to the same Airflow', async () => {
    const world = await movedWorld('http://airflow:8080');

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).clientRef?.name).toBe('other');
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
    expect(world.events.of('Orphaned')).toEqual([]);
  });
});
