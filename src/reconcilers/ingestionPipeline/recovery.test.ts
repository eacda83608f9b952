import { describe, expect, it } from 'vitest';
import { airflowError } from '../testing/airflowDoor.ts';
import { DAG_ID } from '../testing/manifests.ts';
import { clientCondition, condition, deployedWorld, type World } from '../testing/world.ts';

/** Airflow is away for ten minutes and comes back with neither files nor rows. */
async function restartedWorld(
  spec: Parameters<typeof deployedWorld>[0] = {},
): Promise<World & { description: string }> {
  const world = await deployedWorld(spec);
  const description = world.airflow.rows.get(DAG_ID)?.description ?? '';
  world.airflow.setDown(airflowError('connectionRefused'));
  await world.pass(600);
  world.airflow.rows.lose();
  world.airflow.history.length = 0;
  world.airflow.setDown(undefined);
  await world.pass(10);
  return { ...world, description };
}

describe('after an outage of Airflow', () => {
  it('the client is checked as soon as Airflow answers', async () => {
    const world = await restartedWorld();

    expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('a DAG that shows only when the scheduler has read its file is enabled, and not deployed', async () => {
    const world = await restartedWorld();
    await world.pass(30);

    expect(condition(world, 'Ready')).toBe('False AwaitingRegistration');
    expect(condition(world, 'Deployed')).toBe('True Deployed');

    world.airflow.rows.addByHand(DAG_ID, world.description).isPaused = true;
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history).toEqual([`enable ${DAG_ID}`]);
  });

  it('a DAG that does not show is deployed again', async () => {
    const world = await restartedWorld();
    await world.pass(60);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
  });

  it('a DAG that does not show is reported with driftPolicy Warn', async () => {
    const world = await restartedWorld({ driftPolicy: 'Warn' });
    await world.pass(60);

    expect(condition(world, 'Deployed')).toBe('False DriftDetected');
    expect(world.airflow.history).toEqual([]);
  });
});
