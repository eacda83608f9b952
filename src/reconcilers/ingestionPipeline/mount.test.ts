import { describe, expect, it } from 'vitest';
import { appendMark, createMark } from '../../domain/mark.ts';
import { shardOfLoader } from '../../domain/loaderFile.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import type { DagRow } from '../testing/airflowRows.ts';
import { DAG_ID, pipelineManifest } from '../testing/manifests.ts';
import { keepMounted, MOUNTED, mountedFiles, mountedWorld, setDelivery } from '../testing/mountedWorld.ts';
import {
  clientCondition,
  condition,
  deployedWorld,
  message,
  readyWorld,
  respecify,
  statusOf,
  type World,
} from '../testing/world.ts';

const READY = 'True ReconcileSucceeded';

function rowOf(world: World): DagRow {
  const row = world.airflow.rows.get(DAG_ID);
  if (row === undefined) {
    throw new Error(`Airflow does not know ${DAG_ID}`);
  }
  return row;
}

function isLoaded(world: World): boolean {
  return shardOfLoader(world.airflow.rows.get(DAG_ID)?.fileLocation ?? '') !== undefined;
}

describe('a pipeline of a client that delivers by ConfigMap', () => {
  it('is Ready when Airflow has read its document out of the mount, and nothing was posted', async () => {
    const world = await mountedWorld();

    expect(condition(world, 'Ready')).toBe(READY);
    expect(isLoaded(world)).toBe(true);
    expect(rowOf(world).isPaused).toBe(false);
    expect(world.airflow.history).toEqual([`enable ${DAG_ID}`]);
    expect(statusOf(world).deployed).toMatchObject({ delivery: 'ConfigMap' });
    expect(world.events.of('Deployed')).toHaveLength(1);
    expect(clientCondition(world, 'Mounted')).toBe('True Mounted');
  });

  it('waits for it, and asks for its loader to be read again every ten seconds at most', async () => {
    const world = await mountedWorld({}, Infinity);
    const before = world.airflow.reparses.length;
    respecify(world, { description: 'Orders' });
    await world.pass(55);

    expect(condition(world, 'Deployed')).toBe('Unknown AwaitingRegistration');
    expect(condition(world, 'Ready')).toBe('False AwaitingRegistration');
    expect(world.airflow.reparses.length - before).toBeGreaterThan(3);
    expect(world.airflow.reparses.length - before).toBeLessThan(7);
  });

  it.each(['it cannot be asked', 'it must not be asked'])('goes on where %s', async (situation) => {
    const world = await readyWorld(MOUNTED);
    world.airflow.canReparse = situation !== 'it cannot be asked';
    world.airflow.fail('reparse', world.airflow.canReparse ? airflowError('permissionDenied') : undefined);
    keepMounted(world);
    world.pipelines.create(pipelineManifest());
    await world.pass(120);
    respecify(world, { description: 'Orders' });
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(rowOf(world).description).toContain('Orders');
  });

  it('costs Airflow no call of its own while it waits', async () => {
    const world = await readyWorld(MOUNTED);
    world.pipelines.create(pipelineManifest());
    world.polling.interval = 1_000_000;
    await world.pass(20);
    for (const verb of ['listDags', 'getDag', 'listRuns', 'recentRuns'] as const) {
      world.airflow.fail(verb, new Error('asked'));
    }
    await world.pass(120);

    expect(condition(world, 'Deployed')).toBe('Unknown AwaitingRegistration');
  });

  it('says what to look at when nothing comes out of the mount, and so does its client', async () => {
    const world = await readyWorld(MOUNTED);
    world.pipelines.create(pipelineManifest());
    await world.pass(410);
    expect(condition(world, 'Deployed')).toBe('Unknown AwaitingRegistration');
    expect(clientCondition(world, 'Mounted')).toBe('Unknown NotChecked');
    expect(clientCondition(world, 'Ready')).toBe(READY);

    await world.pass(60);

    expect(condition(world, 'Deployed')).toBe('False MountNotSeen');
    expect(message(world, 'Deployed')).toMatch(
      /ConfigMap openmetadata\/dag-generated-configs-\d\d under \d\d-team-a_orders\.json within 7 min.*loader-\d\d\.py/,
    );
    expect(clientCondition(world, 'Mounted')).toBe('False MountNotSeen');

    keepMounted(world);
    await world.pass(400);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(clientCondition(world, 'Mounted')).toBe('True Mounted');
    expect(clientCondition(world, 'Ready')).toBe(READY);
  });

  it('has its import error told where the loader cannot build it, and heals', async () => {
    const world = await mountedWorld();
    world.airflow.rows.buildErrors.set(DAG_ID, 'ConnectionError: planted-token refused');
    respecify(world, { description: 'Orders' });
    await world.pass(90);

    expect(condition(world, 'Deployed')).toBe('False DagImportError');
    expect(message(world, 'Deployed')).toContain('ConnectionError: ');

    world.airflow.rows.buildErrors.clear();
    await world.pass(300);

    expect(condition(world, 'Ready')).toBe(READY);
  });

  it('stays Ready, and enabled, after a restart of the operator', async () => {
    const world = await mountedWorld();
    const events = world.events.lines.length;
    world.restart();
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(world.events.lines).toHaveLength(events);
    expect(world.airflow.history).toEqual([`enable ${DAG_ID}`]);
  });

  it('leaves a DAG alone that somebody else has made, and writes no document that would take it', async () => {
    const world = await readyWorld(MOUNTED);
    keepMounted(world);
    world.airflow.rows.addByHand(DAG_ID, 'made by hand');
    world.pipelines.create(pipelineManifest());
    await world.pass(120);

    expect(condition(world, 'Deployed')).toBe('False DagExists');
    expect(mountedFiles(world)).toEqual(new Map());

    respecify(world, { adopt: true });
    await world.pass(180);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(isLoaded(world)).toBe(true);
  });

  it('waits for a service that OpenMetadata does not have, and says so', async () => {
    const world = await readyWorld({ delivery: 'ConfigMap' });
    world.openMetadata.services.clear();
    world.pipelines.create(pipelineManifest());
    await world.pass(30);

    expect(condition(world, 'Deployed')).toBe('False ServiceNotFound');

    world.openMetadata.services.add('databaseService mysql_prod');
    keepMounted(world);
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe(READY);
  });
});

describe('what happens behind the back of the operator', () => {
  it('a DAG that was deleted from the database comes back and is enabled again, as a drift', async () => {
    const world = await mountedWorld();
    world.airflow.rows.delays.registration = 30_000;
    world.airflow.rows.forget(DAG_ID);
    await world.pass(10);

    expect(condition(world, 'Deployed')).toBe('True Deployed');
    expect(condition(world, 'Ready')).toBe('False AwaitingRegistration');

    await world.pass(120);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(rowOf(world).isPaused).toBe(false);
    expect(world.events.of('DriftCorrected')).toHaveLength(1);
  });

  it('a DAG that was deleted from the database stays paused where drifts are only reported', async () => {
    const world = await mountedWorld({ driftPolicy: 'Warn' });
    world.airflow.rows.forget(DAG_ID);
    await world.pass(60);

    expect(condition(world, 'Enabled')).toBe('False DriftDetected');
    expect(rowOf(world).isPaused).toBe(true);
  });

  it('a deploy over it from the OpenMetadata UI is taken back', async () => {
    const world = await mountedWorld();
    deployOver(world);
    await world.pass(180);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(isLoaded(world)).toBe(true);
    expect(rowOf(world).isPaused).toBe(false);
    expect(world.events.of('DriftCorrected')).toHaveLength(1);
  });

  it('a deploy over it is only reported where that is asked for', async () => {
    const world = await mountedWorld({ driftPolicy: 'Warn' });
    deployOver(world);
    await world.pass(180);

    expect(condition(world, 'Deployed')).toBe('False DriftDetected');
    expect(isLoaded(world)).toBe(false);
    expect(world.airflow.history).toEqual([`enable ${DAG_ID}`]);
  });

  it('a mount that is lost is told of after its time, and heals', async () => {
    const world = await mountedWorld({}, Infinity);
    const files = mountedFiles(world);
    world.airflow.rows.mount(new Map());
    await world.pass(380);
    expect(condition(world, 'Ready')).toBe('False AwaitingRegistration');

    await world.pass(120);
    expect(condition(world, 'Deployed')).toBe('False MountNotSeen');
    expect(clientCondition(world, 'Mounted')).toBe('False MountNotSeen');

    world.airflow.rows.mount(files);
    await world.pass(90);
    expect(condition(world, 'Ready')).toBe(READY);
    expect(clientCondition(world, 'Mounted')).toBe('True Mounted');
  });
});

/** As the OpenMetadata UI does: without the mark, and with a file of the plugin's. */
function deployOver(world: World): void {
  const airflowConfig = { pausePipeline: true };
  world.airflow.rows.write(JSON.stringify({ name: DAG_ID, description: 'by hand', airflowConfig }));
}

describe('a client whose delivery changes', () => {
  async function postedWorld(): Promise<World> {
    const world = await deployedWorld();
    world.airflow.rows.startRun(DAG_ID, 'scheduled__1');
    world.airflow.rows.endRun(DAG_ID, 'scheduled__1', 'success');
    await world.pass(30);
    keepMounted(world);
    return world;
  }

  it('to ConfigMap hands its DAGs over, with their runs', async () => {
    const world = await postedWorld();
    world.airflow.afterNext('removeFiles', () => expect(rowOf(world).isPaused).toBe(true));
    setDelivery(world, 'ConfigMap');
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(isLoaded(world)).toBe(true);
    expect(rowOf(world).isPaused).toBe(false);
    expect(world.airflow.rows.document(DAG_ID)).toBeUndefined();
    expect(world.airflow.history.slice(2)).toEqual([
      `disable ${DAG_ID}`,
      `removeFiles ${DAG_ID}`,
      `enable ${DAG_ID}`,
    ]);
    expect(statusOf(world).recentRuns).toMatchObject([{ runId: 'scheduled__1' }]);
    expect(world.events.of('DriftCorrected')).toEqual([]);
  });

  it('to ConfigMap lets a run end first, while the pipeline is Ready', async () => {
    const world = await postedWorld();
    world.airflow.rows.startRun(DAG_ID, 'scheduled__2');
    await world.pass(30);
    setDelivery(world, 'ConfigMap');
    await world.pass(300);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(message(world, 'Deployed')).toContain('when its run scheduled__2 has ended');
    expect(isLoaded(world)).toBe(false);
    expect(rowOf(world).isPaused).toBe(false);

    world.airflow.rows.endRun(DAG_ID, 'scheduled__2', 'success');
    await world.pass(120);

    expect(isLoaded(world)).toBe(true);
    expect(condition(world, 'Ready')).toBe(READY);
    expect(statusOf(world).recentRuns).toHaveLength(2);
  });

  it('to ConfigMap knows how the last run ended, though Airflow 2 forgets it with its file', async () => {
    const world = await postedWorld();
    world.airflow.rows.startRun(DAG_ID, 'scheduled__2');
    await world.pass(30);
    setDelivery(world, 'ConfigMap');
    await world.pass(30);
    world.airflow.afterNext('removeFiles', () => world.airflow.rows.forget(DAG_ID));
    world.airflow.rows.endRun(DAG_ID, 'scheduled__2', 'success');
    await world.pass(120);

    expect(isLoaded(world)).toBe(true);
    expect(statusOf(world).lastRun).toMatchObject({ runId: 'scheduled__2', state: 'success' });
    expect(statusOf(world).activeRuns).toBe(0);
  });

  it('to ConfigMap waits with a run for a change of the pipeline, too', async () => {
    const world = await postedWorld();
    world.airflow.rows.startRun(DAG_ID, 'scheduled__2');
    await world.pass(30);
    setDelivery(world, 'ConfigMap');
    respecify(world, { description: 'Orders' });
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe('False AwaitingRegistration');
    expect(condition(world, 'Deployed')).toBe('True Deployed');

    world.airflow.rows.endRun(DAG_ID, 'scheduled__2', 'success');
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe(READY);
    expect(rowOf(world).description).toContain('Orders');
  });

  it('to ConfigMap resumes a DAG in which a run began at the last moment', async () => {
    const world = await postedWorld();
    world.airflow.afterNext('disable', () => world.airflow.rows.startRun(DAG_ID, 'scheduled__2'));
    setDelivery(world, 'ConfigMap');
    await world.pass(60);

    expect(rowOf(world).isPaused).toBe(false);
    expect(world.airflow.history).not.toContain(`removeFiles ${DAG_ID}`);
    expect(condition(world, 'Ready')).toBe(READY);
    expect(world.events.of('DriftCorrected')).toEqual([]);
  });

  it('to ConfigMap keeps a suspended DAG paused', async () => {
    const world = await deployedWorld({ suspend: true });
    keepMounted(world);
    setDelivery(world, 'ConfigMap');
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe('True Suspended');
    expect(isLoaded(world)).toBe(true);
    expect(rowOf(world).isPaused).toBe(true);
  });

  it('to ConfigMap without a mount takes the file away, and says what is missing', async () => {
    const world = await deployedWorld();
    setDelivery(world, 'ConfigMap');
    await world.pass(500);

    expect(condition(world, 'Deployed')).toBe('False MountNotSeen');
    expect(clientCondition(world, 'Mounted')).toBe('False MountNotSeen');
  });

  it.each(['Correct', 'Warn'] as const)(
    'to ManagedAPI has its DAGs posted, also with driftPolicy %s',
    async (driftPolicy) => {
      const world = await mountedWorld({ driftPolicy });
      world.airflow.rows.startRun(DAG_ID, 'scheduled__1');
      await world.pass(30);
      setDelivery(world, 'ManagedAPI');
      await world.pass(60);

      expect(condition(world, 'Ready')).toBe(READY);
      expect(isLoaded(world)).toBe(false);
      expect(rowOf(world).isPaused).toBe(false);
      expect(rowOf(world).runs).toMatchObject([{ runId: 'scheduled__1', state: 'running' }]);
      expect(world.airflow.history).toEqual([`enable ${DAG_ID}`, `deploy ${DAG_ID}`]);
      expect(statusOf(world).deployed).toMatchObject({ delivery: 'ManagedAPI' });
      expect(world.events.of('SecretRotated')).toEqual([]);
      expect(clientCondition(world, 'Mounted')).toBe('True MountNotNeeded');
    },
  );

  it('to ManagedAPI leaves the document mounted, with its secrets, until it is posted', async () => {
    const world = await readyWorld({ delivery: 'ConfigMap' });
    keepMounted(world);
    world.pipelines.create(pipelineManifest());
    await world.pass(120);
    world.airflow.fail('deploy', airflowError('serverError'));
    setDelivery(world, 'ManagedAPI');
    await world.pass(60);
    expect([...mountedFiles(world).values()]).toEqual([expect.stringContaining('planted-token')]);

    world.airflow.fail('deploy', undefined);
    await world.pass(400);

    expect(condition(world, 'Ready')).toBe(READY);
    expect([...mountedFiles(world).values()]).toEqual([expect.not.stringContaining('planted-token')]);
  });

  it('to ManagedAPI and back before the loader came in settles', async () => {
    const world = await postedWorld();
    world.airflow.rows.delays.registration = 40_000;
    setDelivery(world, 'ConfigMap');
    await world.pass(10);
    setDelivery(world, 'ManagedAPI');
    await world.pass(200);
    expect(condition(world, 'Ready')).toBe(READY);
    expect(isLoaded(world)).toBe(false);

    setDelivery(world, 'ConfigMap');
    await world.pass(300);
    expect(condition(world, 'Ready')).toBe(READY);
    expect(isLoaded(world)).toBe(true);
  });
});

it('a volume that is lost under a loader that stands by is a drift, which a deploy puts right', async () => {
  const world = await deployedWorld();
  keepMounted(world);
  world.airflow.rows.removeFiles(DAG_ID);
  await world.pass(90);

  expect(condition(world, 'Ready')).toBe(READY);
  expect(isLoaded(world)).toBe(false);
  expect(world.events.of('DriftCorrected').length).toBeGreaterThan(0);
});

it('a mark of another pipeline on a mounted DAG is respected', async () => {
  const world = await mountedWorld();
  const other = { ownerId: 'east', namespace: 'team-a', name: 'orders' };
  rowOf(world).description = appendMark('', createMark(other, 'a'.repeat(64)));
  await world.pass(30);

  expect(condition(world, 'Deployed')).toBe('False DagIdConflict');
});
