import { describe, expect, it } from 'vitest';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, DAG_ID, PIPELINE_KEY, pipelineManifest, specWithSecret } from '../testing/manifests.ts';
import {
  condition,
  deployedWorld,
  message,
  readyWorld,
  respecify,
  statusOf,
  type World,
} from '../testing/world.ts';

describe('a client that is not Ready', () => {
  it('keeps a new pipeline waiting, with its own fault in the message', async () => {
    const world = await readyWorld();
    world.airflow.setDown(airflowError('connectionRefused'));
    await world.pass(70);
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(condition(world, 'Rendered')).toBe('True Rendered');
    expect(condition(world, 'Ready')).toBe('False ClientNotReady');
    expect(message(world, 'Ready')).toContain('Airflow says connectionRefused.');

    world.airflow.setDown(undefined);
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('does not touch the status of a pipeline that is Ready', async () => {
    const world = await deployedWorld();
    const before = world.pipelines.get(PIPELINE_KEY);
    world.airflow.setDown(airflowError('timeout'));
    await world.pass(1800);

    expect(world.pipelines.get(PIPELINE_KEY)).toEqual(before);
    expect(world.events.of('ClientNotReady')).toEqual([]);
  });

  it('makes a Ready pipeline wait once it changes', async () => {
    const world = await deployedWorld();
    world.airflow.setDown(airflowError('timeout'));
    await world.pass(120);
    respecify(world, { suspend: true });
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('False ClientNotReady');
    expect(statusOf(world).observedGeneration).toBe(2);

    world.airflow.setDown(undefined);
    await world.pass(300);

    expect(condition(world, 'Ready')).toBe('True Suspended');
  });

  it('makes a Ready pipeline wait once one of its Secrets changes', async () => {
    const world = await readyWorld();
    world.shelf.setSecret('team-a/dbt', { key: 'first' });
    world.pipelines.create(pipelineManifest(specWithSecret()));
    await world.pass(10);
    world.airflow.setDown(airflowError('timeout'));
    await world.pass(120);
    world.shelf.setSecret('team-a/dbt', { key: 'second' });
    await world.reconcile();

    expect(condition(world, 'Ready')).toBe('False ClientNotReady');
  });

  it('calls its pipelines as soon as it is Ready', async () => {
    const world = await readyWorld();
    world.openMetadata.version = '1.9.0';
    await world.pass(70);
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(message(world, 'Ready')).toContain('1.9');

    world.openMetadata.version = '1.10.0';
    await world.operator().reconcileClient(CLIENT_KEY);
    await world.pass(1);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  describe('because of the version of OpenMetadata', () => {
    const once = [`deploy ${DAG_ID}`, `enable ${DAG_ID}`];

    /** With a pipeline whose document would be another for the version that OpenMetadata has become. */
    async function changedWorld(): Promise<World> {
      const world = await deployedWorld({ owners: [{ type: 'user', name: 'ada' }] });
      world.openMetadata.version = '1.4.8';
      return world;
    }

    /** Calls it the next time, and then no more. */
    function onNext(listen: (act: () => Promise<void>) => void, act: () => Promise<unknown>): void {
      listen(async () => {
        listen(async () => {});
        await act();
      });
    }

    it('gets no document for that version while the check has not ended', async () => {
      const world = await changedWorld();
      onNext(
        (act) => (world.openMetadata.onFindService = act),
        () => world.reconcile(),
      );
      await world.operator().reconcileClient(CLIENT_KEY);
      await world.pass(60);

      expect(condition(world, 'Ready', CLIENT_KEY)).toBe('False VersionMismatch');
      expect(world.airflow.history).toEqual(once);
    });

    it('gets no document from before it was Ready', async () => {
      const world = await changedWorld();
      onNext(world.shelf.onWrite, async () => {
        world.openMetadata.version = '1.10.2';
        await world.operator().reconcileClient(CLIENT_KEY);
      });
      await world.pass(120);

      expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
      expect(world.airflow.history).toEqual(once);
    });
  });

  it('is asked nothing twice when the operator has just started', async () => {
    const world = await deployedWorld();
    const before = world.pipelines.get(PIPELINE_KEY);
    world.restart();
    await world.pass(30);

    expect(world.pipelines.get(PIPELINE_KEY)).toEqual(before);
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
  });
});
