import { describe, expect, it } from 'vitest';
import type { PipelineServiceClientSpec } from '../../api/pipelineServiceClient.ts';
import { clientManifest, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import { condition, documents, message, readyWorld, type World } from '../testing/world.ts';

const YOUNGER_KEY = 'team-b/orders';
const FROM_ENVIRONMENT = { jwtToken: undefined, jwtTokenEnv: 'OM_JWT' };

/** Two pipelines of one name, each with an Airflow of its own, whose clients share their ConfigMaps. */
async function sharedWorld(spec: Partial<PipelineServiceClientSpec>): Promise<World> {
  const world = await readyWorld(spec);
  world.clients.create(clientManifest({ apiEndpoint: 'http://other:8080', ...spec }, { name: 'other' }));
  world.pipelines.create(pipelineManifest({ name: 'shared' }));
  await world.pass(10);
  world.pipelines.create(
    pipelineManifest(
      { name: 'shared', clientRef: { namespace: 'openmetadata', name: 'other' } },
      { namespace: 'team-b' },
    ),
  );
  await world.pass(10);
  return world;
}

function holders(world: World): string[] {
  return JSON.stringify([...world.shelf.texts]).match(/default\/team-.\/orders/g) ?? [];
}

describe('the place of a document that clients of two Airflows share', () => {
  it('is that of the older pipeline; the younger one is deployed all the same', async () => {
    const world = await sharedWorld({});
    const writes = world.shelf.writes();
    await world.pass(1_300);

    expect(condition(world, 'Ready', YOUNGER_KEY)).toBe('True ReconcileSucceeded');
    expect(message(world, 'Rendered', YOUNGER_KEY)).toContain('is that of IngestionPipeline team-a/orders');
    expect(holders(world)).toEqual(['default/team-a/orders']);
    expect(world.shelf.writes()).toBe(writes);
  });

  it('is not taken along by the younger pipeline', async () => {
    const world = await sharedWorld({});
    world.pipelines.delete(YOUNGER_KEY);
    await world.pass(10);
    expect(holders(world)).toEqual(['default/team-a/orders']);
    expect(world.pipelines.get(YOUNGER_KEY)).toBeUndefined();
  });

  it('passes to the younger pipeline when the older one is gone', async () => {
    const world = await sharedWorld({});
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(1_300);

    expect(holders(world)).toEqual(['default/team-b/orders']);
  });

  it('is a fault of the younger pipeline where Airflow mounts it', async () => {
    const world = await sharedWorld({ delivery: 'ConfigMap', openMetadata: FROM_ENVIRONMENT });

    expect(condition(world, 'Rendered', YOUNGER_KEY)).toBe('False DagIdConflict');
    expect(message(world, 'Rendered', YOUNGER_KEY)).toContain(
      'give PipelineServiceClient other a spec.configMap.name of its own',
    );
    expect(condition(world, 'Rendered')).toBe('True Rendered');
    expect(documents(world)).toHaveLength(1);
    expect(holders(world)).toEqual(['default/team-a/orders']);
  });
});
