import { describe, expect, it } from 'vitest';
import { airflowError } from '../testing/airflowDoor.ts';
import { DAG_ID } from '../testing/manifests.ts';
import { condition, deployedWorld, message, respecify, statusOf } from '../testing/world.ts';

describe('suspending', () => {
  it('leaves a pipeline that is created suspended paused, and Ready', async () => {
    const world = await deployedWorld({ suspend: true });

    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(true);
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`]);
    expect(condition(world, 'Ready')).toBe('True Suspended');
    expect(condition(world, 'Enabled')).toBe('True Suspended');
    expect(statusOf(world).nextRunTime).toBeUndefined();
  });

  it('pauses and unpauses the DAG, and changes nothing else in Airflow', async () => {
    const world = await deployedWorld();
    respecify(world, { suspend: true });
    await world.pass(5);

    expect(condition(world, 'Ready')).toBe('True Suspended');
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(true);

    respecify(world, { suspend: false });
    await world.pass(5);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history).toEqual([
      `deploy ${DAG_ID}`,
      `enable ${DAG_ID}`,
      `disable ${DAG_ID}`,
      `enable ${DAG_ID}`,
    ]);
    expect(world.events.of('DriftCorrected')).toEqual([]);
    expect(message(world, 'Enabled')).toBe('Unpaused in Airflow.');
  });
});

describe('an Airflow that does not answer when a DAG is to be unpaused', () => {
  it.each(['Correct', 'Warn'] as const)(
    'is asked again, and nobody is blamed, with driftPolicy %s',
    async (driftPolicy) => {
      const world = await deployedWorld({ driftPolicy });
      world.shelf.setSecret('openmetadata/openmetadata-bot', { token: 'new-token' });
      world.airflow.afterNext('deploy', () => {
        const row = world.airflow.rows.get(DAG_ID);
        Object.assign(row ?? {}, { isPaused: true });
        world.airflow.failOnce('enable', airflowError('timeout'));
      });
      await world.pass(700);

      expect(world.events.of('SecretRotated')).toHaveLength(1);
      expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
      expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
      expect(world.events.of('DriftCorrected')).toEqual([]);
    },
  );
});
