import { describe, expect, it } from 'vitest';
import { airflowError } from '../testing/airflowDoor.ts';
import { DAG_ID, pipelineManifest, specWithSecret } from '../testing/manifests.ts';
import { condition, deployedWorld, message, readyWorld, statusOf, type World } from '../testing/world.ts';

async function run(world: World, runId: string, state: 'success' | 'failed'): Promise<void> {
  world.airflow.rows.startRun(DAG_ID, runId);
  await world.pass(60);
  world.airflow.rows.endRun(DAG_ID, runId, state);
  await world.pass(60);
}

describe('the runs of a pipeline', () => {
  it('are on the status within seconds after they began and ended', async () => {
    const world = await deployedWorld();
    world.airflow.rows.startRun(DAG_ID, 'first');
    await world.pass(5);

    expect(statusOf(world)).toMatchObject({ activeRuns: 1, lastRun: { runId: 'first', state: 'running' } });

    world.airflow.rows.endRun(DAG_ID, 'first', 'success');
    await world.pass(5);

    expect(statusOf(world)).toMatchObject({
      activeRuns: 0,
      consecutiveFailures: 0,
      lastSuccessfulTime: '2026-11-23T06:00:16Z',
      lastRun: { runId: 'first', state: 'success', durationSeconds: 5 },
    });
    expect(condition(world, 'LastRunSucceeded')).toBe('True Succeeded');
  });

  it('that are due are looked for when they are, however seldom all are looked at', async () => {
    const world = await deployedWorld({ airflowConfig: { scheduleInterval: '30 6 * * *' } });
    world.polling.interval = 24 * 3_600_000;
    await world.pass(29 * 60);
    world.airflow.rows.startRun(DAG_ID, 'scheduled');
    await world.pass(60);

    expect(statusOf(world)).toMatchObject({ activeRuns: 1, nextRunTime: '2026-11-24T06:30:00Z' });
  });

  it('that fail leave the pipeline Ready and are told by one Warning each', async () => {
    const world = await deployedWorld();
    await run(world, 'first', 'failed');
    await run(world, 'second', 'failed');

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Stalled')).toBeUndefined();
    expect(condition(world, 'LastRunSucceeded')).toBe('False Failed');
    expect(message(world, 'LastRunSucceeded')).toContain('2 failures in a row');
    expect(world.events.of('Failed')).toEqual([
      expect.stringContaining('Warning orders Failed: Run first failed'),
      expect.stringContaining('Warning orders Failed: Run second failed'),
    ]);
  });

  it('that fail are told with what the log says, without any secret', async () => {
    const world = await readyWorld();
    world.shelf.setSecret('team-a/dbt', { key: 'planted-value' });
    world.pipelines.create(pipelineManifest(specWithSecret()));
    await world.pass(10);
    world.airflow.logs.set(
      `${DAG_ID} usage_task`,
      'INFO - begins\nERROR - planted-token and planted-value were refused\nINFO - Task exited with return code 1\n',
    );
    await run(world, 'first', 'failed');

    expect(world.events.of('Failed')).toEqual([
      expect.stringMatching(
        / Its log says:\nINFO - begins\nERROR - \[redacted\] and \[redacted\] were refused$/,
      ),
    ]);
  });

  it('that fail are told without their log where a Secret to be masked in it is gone', async () => {
    const world = await readyWorld();
    world.shelf.setSecret('team-a/dbt', { key: 'planted-value' });
    world.pipelines.create(pipelineManifest(specWithSecret()));
    await world.pass(10);
    world.airflow.logs.set(`${DAG_ID} usage_task`, 'ERROR - planted-value was refused');
    world.shelf.removeSecret('team-a/dbt');
    await run(world, 'first', 'failed');

    expect(world.events.of('Failed')).toEqual([
      expect.stringContaining('a Secret to be masked in it is gone'),
    ]);
  });

  it('that fail are told though their log cannot be read', async () => {
    const world = await deployedWorld();
    world.airflow.fail('lastLog', airflowError('permissionDenied'));
    await run(world, 'first', 'failed');

    expect(world.events.of('Failed')).toEqual([
      expect.stringContaining('Its log could not be read: Airflow says permissionDenied.'),
    ]);
  });

  it('that failed before the newest one are told without a log, which is that of another', async () => {
    const world = await deployedWorld();
    world.airflow.logs.set(`${DAG_ID} ingestion_task`, 'ERROR - of the newest');
    world.airflow.rows.startRun(DAG_ID, 'first');
    await world.pass(10);
    world.airflow.rows.endRun(DAG_ID, 'first', 'failed');
    world.airflow.rows.startRun(DAG_ID, 'second');
    await world.pass(10);

    expect(world.events.of('Failed')).toEqual([
      expect.stringContaining('See the log of its task in Airflow.'),
    ]);
  });

  it('clear the fault with the next success', async () => {
    const world = await deployedWorld();
    await run(world, 'first', 'failed');
    await run(world, 'second', 'success');

    expect(condition(world, 'LastRunSucceeded')).toBe('True Succeeded');
    expect(statusOf(world).consecutiveFailures).toBe(0);
  });

  it('say how the last one ended while the next is under way', async () => {
    const world = await deployedWorld();
    await run(world, 'first', 'failed');
    world.airflow.rows.startRun(DAG_ID, 'second', 'queued');
    await world.pass(10);

    expect(statusOf(world).lastRun).toMatchObject({ runId: 'second', state: 'queued' });
    expect(condition(world, 'LastRunSucceeded')).toBe('False Failed');
    expect(world.events.of('Failed')).toHaveLength(1);
  });

  it.each([0, 1, 2, 5])('are counted once each with a history of %i', async (runHistoryLimit) => {
    const world = await deployedWorld({ runHistoryLimit });
    for (const runId of ['a', 'b', 'c']) {
      await run(world, runId, 'failed');
    }
    world.airflow.rows.startRun(DAG_ID, 'd', 'queued');
    await world.pass(10);
    await world.reconcile();
    await world.reconcile();

    expect(statusOf(world).consecutiveFailures).toBe(3);
    expect(world.events.of('Failed')).toHaveLength(3);
    expect(statusOf(world).recentRuns).toHaveLength(Math.min(runHistoryLimit, 4));
    expect(condition(world, 'LastRunSucceeded')).toBe('False Failed');
  });

  it('that ended while no operator was there are told when one is back', async () => {
    const world = await deployedWorld();
    await run(world, 'first', 'success');
    world.airflow.rows.startRun(DAG_ID, 'second');
    world.airflow.rows.endRun(DAG_ID, 'second', 'failed');
    world.restart();
    await world.pass(10);

    expect(condition(world, 'LastRunSucceeded')).toBe('False Failed');
    expect(world.events.of('Failed')).toHaveLength(1);
  });

  it('are told also while OpenMetadata is down, which is why they fail', async () => {
    const world = await deployedWorld();
    world.openMetadata.version = '1.9.0';
    await world.pass(120);
    await run(world, 'first', 'failed');

    expect(condition(world, 'LastRunSucceeded')).toBe('False Failed');
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.events.of('Failed')).toHaveLength(1);
  });
});
