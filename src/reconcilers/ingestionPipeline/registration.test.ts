import { describe, expect, it } from 'vitest';
import { airflowError } from '../testing/airflowDoor.ts';
import { DAG_ID, pipelineManifest } from '../testing/manifests.ts';
import { condition, message, readyWorld, statusOf, type World } from '../testing/world.ts';

async function slowWorld(registration: number): Promise<World> {
  const world = await readyWorld();
  world.airflow.rows.delays.registration = registration;
  world.pipelines.create(pipelineManifest());
  await world.pass(10);
  return world;
}

describe('a DAG that the scheduler has not registered yet', () => {
  it('is waited for, and the pipeline says so', async () => {
    const world = await slowWorld(120_000);

    expect(condition(world, 'Deployed')).toBe('Unknown AwaitingRegistration');
    expect(condition(world, 'Enabled')).toBeUndefined();
    expect(condition(world, 'Ready')).toBe('False AwaitingRegistration');
    expect(condition(world, 'Reconciling')).toBe('True AwaitingRegistration');
    expect(condition(world, 'Stalled')).toBeUndefined();

    await world.pass(130);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
  });

  it('is enabled within seconds after it was registered', async () => {
    const world = await slowWorld(300_000);
    await world.pass(310);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is asked for by itself, however seldom all DAGs are looked at', async () => {
    const world = await readyWorld();
    world.polling.interval = 3_600_000;
    world.airflow.rows.delays.registration = 20_000;
    world.pipelines.create(pipelineManifest());
    await world.pass(40);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is given up after ten minutes with a hint at the scheduler, and deployed again', async () => {
    const world = await slowWorld(3_600_000);
    await world.pass(588);

    expect(condition(world, 'Deployed')).toBe('Unknown AwaitingRegistration');

    await world.pass(15);

    expect(world.events.of('RegistrationTimeout')).toEqual([expect.stringContaining('scheduler')]);

    world.airflow.rows.delays.registration = 0;
    await world.pass(30);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history.filter((change) => change.startsWith('deploy'))).toHaveLength(2);
  });

  it('is waited for through a restart of the operator', async () => {
    const world = await slowWorld(120_000);
    world.restart();
    await world.pass(180);

    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});

describe('a DAG that Airflow cannot import', () => {
  it("is a fault with Airflow's own text in which secrets are masked, and heals by itself", async () => {
    const world = await readyWorld();
    world.airflow.rows.importErrors.set(DAG_ID, 'ModuleNotFoundError: planted-token planted-password');
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(condition(world, 'Deployed')).toBe('False DagImportError');
    expect(message(world, 'Ready')).toContain('ModuleNotFoundError: [redacted] [redacted]');
    expect(world.events.of('DagImportError')).toHaveLength(1);

    world.airflow.rows.importErrors.clear();
    await world.pass(60);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
  });
});

describe('without the core API', () => {
  it('is deployed and enabled by what the plugin alone tells', async () => {
    const world = await readyWorld();
    const { airflow } = world;
    airflow.installation = {
      ...airflow.installation,
      coreApi: { kind: 'unavailable', message: 'No core API.' },
    };
    airflow.rows.delays.registration = 20_000;
    world.pipelines.create(pipelineManifest());
    await world.pass(60);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);

    const writes = world.pipelines.statusWrites();
    await world.pass(1200);

    expect(world.pipelines.statusWrites()).toBe(writes);
    expect(airflow.history).toHaveLength(2);
  });

  it('is enabled later where Airflow knows the DAG and the plugin does not yet', async () => {
    const world = await readyWorld();
    world.airflow.failOnce('enable', airflowError('dagNotFound'));
    world.pipelines.create(pipelineManifest());
    await world.reconcile();

    expect(condition(world, 'Enabled')).toBe('Unknown AwaitingRegistration');

    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).deployed).toBeDefined();
  });
});
