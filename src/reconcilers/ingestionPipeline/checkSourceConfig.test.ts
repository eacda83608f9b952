import { describe, expect, it } from 'vitest';
import { pipelineManifest } from '../testing/manifests.ts';
import { condition, message, readyWorld, respecify } from '../testing/world.ts';

describe('a source configuration', () => {
  it('with an option that this OpenMetadata does not know stalls, and the option that was meant is named', async () => {
    const world = await readyWorld();
    const config = { type: 'DatabaseMetadata', includeViewz: true };
    world.pipelines.create(pipelineManifest({ sourceConfig: { config } }));
    await world.pass(10);

    expect(condition(world, 'Validated')).toBe('False InvalidSourceConfig');
    expect(condition(world, 'Stalled')).toBe('True InvalidSourceConfig');
    expect(message(world, 'Validated')).toMatch(/config\/includeViewz.*includeViews/);
    expect(world.airflow.history).toEqual([]);
  });

  it('is deployed once it is corrected', async () => {
    const world = await readyWorld();
    const wrong = { type: 'DatabaseMetadata', includeViews: 'yes' };
    world.pipelines.create(pipelineManifest({ sourceConfig: { config: wrong } }));
    await world.pass(10);
    expect(condition(world, 'Validated')).toBe('False InvalidSourceConfig');

    respecify(world, { sourceConfig: { config: { ...wrong, includeViews: true } } });
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});
