import { describe, expect, it } from 'vitest';
import { KubeError } from '../../kube/kubeError.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import { condition, deployedWorld, readyWorld, respecify, type World } from '../testing/world.ts';

const killed = new Error('killed');
const unknown = airflowError('unknownOutcome');

function deploys(world: World): number {
  return world.airflow.history.filter((change) => change === `deploy ${DAG_ID}`).length;
}

describe('a deploy whose answer never arrived', () => {
  it.each([
    ['the operator was killed after Airflow took it', killed, 'after', 1],
    ['the operator was killed before Airflow got it', killed, 'before', 1],
    ['the connection was lost after Airflow took it', unknown, 'after', 1],
    ['the connection was lost before Airflow got it', unknown, 'before', 1],
  ] as const)('is found out about, and happens once: %s', async (_, error, moment, expected) => {
    const world = await readyWorld();
    world.airflow.failOnce('deploy', error, moment);
    world.pipelines.create(pipelineManifest());
    await world.reconcile();

    expect(condition(world, 'Ready')).toMatch(/^False /);

    await world.pass(120);

    expect(deploys(world)).toBe(expected);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is found out about by the next process, too', async () => {
    const world = await readyWorld();
    world.airflow.rows.delays.registration = 30_000;
    world.airflow.failOnce('deploy', killed, 'after');
    world.pipelines.create(pipelineManifest());
    await world.reconcile();
    world.restart();
    await world.pass(120);

    expect(deploys(world)).toBe(1);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is called an unknown outcome while its trace is looked for, for a minute at most', async () => {
    const world = await readyWorld();
    world.airflow.failOnce('deploy', unknown, 'before');
    world.pipelines.create(pipelineManifest());
    await world.pass(55);

    expect(condition(world, 'Deployed')).toBe('Unknown UnknownOutcome');
    expect(deploys(world)).toBe(0);

    await world.pass(10);

    expect(deploys(world)).toBe(1);
  });

  it('does not hide a change of the specification that came afterwards', async () => {
    const world = await readyWorld();
    world.airflow.failOnce('deploy', unknown, 'after');
    world.pipelines.create(pipelineManifest());
    await world.reconcile();
    respecify(world, { displayName: 'Orders' });
    await world.pass(60);

    expect(deploys(world)).toBe(2);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});

describe('the API server', () => {
  it('must have the intent on record before anything is deployed', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest());
    await world.reconcile();
    world.airflow.rows.lose();
    world.pipelines.refuseWrites(new KubeError('unavailable', PIPELINE_KEY));
    respecify(world, { displayName: 'Orders' });
    await world.pass(30);

    expect(deploys(world)).toBe(1);
    expect(world.operator().thrown().length).toBeGreaterThan(0);

    world.pipelines.refuseWrites(undefined);
    await world.pass(120);

    expect(deploys(world)).toBe(2);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('may refuse the last write: the next pass finds the deploy by its mark', async () => {
    const world = await readyWorld();
    world.airflow.rows.delays.registration = 5_000;
    world.pipelines.create(pipelineManifest());
    await world.reconcile();
    world.pipelines.refuseWrites(new KubeError('conflict', PIPELINE_KEY));
    await world.pass(30);
    world.pipelines.refuseWrites(undefined);
    await world.pass(60);

    expect(deploys(world)).toBe(1);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});

describe('a resource that was restored from a backup', () => {
  it('finds its DAG by the mark and deploys nothing', async () => {
    const world = await deployedWorld();
    const before = world.pipelines.get(PIPELINE_KEY);
    world.pipelines.edit(PIPELINE_KEY, () => ({ status: undefined }));
    world.restart();
    await world.pass(30);

    expect(deploys(world)).toBe(1);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.pipelines.get(PIPELINE_KEY)?.status?.deployed?.hash).toBe(before?.status?.deployed?.hash);
  });
});

describe('a Ready pipeline whose DAG is gone', () => {
  it('is not deployed twice where Airflow goes away right after taking it', async () => {
    const world = await deployedWorld();
    world.airflow.rows.lose();
    world.airflow.rows.delays.registration = 200_000;
    world.airflow.afterNext('deploy', () => world.airflow.setDown(airflowError('timeout')));
    await world.pass(4);

    expect(condition(world, 'Deployed')).toBe('Unknown AwaitingRegistration');
    expect(condition(world, 'Ready')).toBe('False ClientNotReady');
    expect(condition(world, 'Reconciling')).toBe('True ClientNotReady');

    await world.pass(60);

    world.airflow.setDown(undefined);
    await world.pass(300);

    expect(deploys(world)).toBe(2);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});
