import { describe, expect, it } from 'vitest';
import { CLIENT_KEY, DAG_ID, PIPELINE_KEY } from '../testing/manifests.ts';
import { condition, deployedWorld, isGone, statusOf } from '../testing/world.ts';

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
