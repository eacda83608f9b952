import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { clientManifest, DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import { keepMounted, MOUNTED, mountedFiles, mountedWorld } from '../testing/mountedWorld.ts';
import { annotate, condition, isGone, message, readyWorld, respecify, statusOf } from '../testing/world.ts';

describe('the deletion of a mounted pipeline', () => {
  it('takes the document away, waits until Airflow has noticed, and then deletes the record', async () => {
    const world = await mountedWorld();
    world.airflow.rows.startRun(DAG_ID, 'manual__1');
    world.airflow.rows.delays.removal = 100_000;
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(90);

    expect(isGone(world)).toBe(false);
    expect(mountedFiles(world)).toEqual(new Map());
    expect(world.airflow.rows.get(DAG_ID)).toMatchObject({ isPaused: true, runs: [{ state: 'failed' }] });
    expect(message(world, 'Ready')).toContain('Airflow drops the DAG when its mount has followed');

    await world.pass(120);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.airflow.history.slice(1)).toEqual([
      `disable ${DAG_ID}`,
      `kill ${DAG_ID}`,
      `forget ${DAG_ID}`,
    ]);
  });

  it('does not wait for a DAG that was never seen', async () => {
    const world = await readyWorld(MOUNTED);
    world.pipelines.create(pipelineManifest());
    await world.pass(30);
    expect(mountedFiles(world).size).toBe(1);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(5);

    expect(isGone(world)).toBe(true);
    expect(mountedFiles(world)).toEqual(new Map());
  });

  it('waits while Airflow is down, with the document where it is', async () => {
    const world = await mountedWorld();
    world.airflow.setDown(airflowError('connectionRefused'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(120);
    expect(isGone(world)).toBe(false);
    expect(mountedFiles(world).size).toBe(1);

    world.airflow.setDown(undefined);
    await world.pass(180);
    expect(isGone(world)).toBe(true);
  });

  it.each<[string, (world: Awaited<ReturnType<typeof mountedWorld>>) => void]>([
    ['its policy', (world) => respecify(world, { deletionPolicy: 'Orphan' })],
    ['force', (world) => annotate(world, { [ANNOTATIONS.forceOrphan]: 'true' })],
  ])('leaves the document, of which the DAG is made, where the DAG stays by %s', async (_, orphan) => {
    const world = await mountedWorld();
    orphan(world);
    await world.pass(5);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(120);

    expect(isGone(world)).toBe(true);
    expect(mountedFiles(world).size).toBe(1);
    expect(world.airflow.rows.get(DAG_ID)).toMatchObject({ isActive: true, isPaused: false });
    expect(world.events.of('Orphaned')).toHaveLength(1);
  });

  it("removes the plugin's file first where there is one", async () => {
    const world = await mountedWorld({ driftPolicy: 'Warn' });
    world.airflow.rows.write(JSON.stringify({ name: DAG_ID, airflowConfig: {} }));
    await world.pass(30);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(200);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.airflow.rows.document(DAG_ID)).toBeUndefined();
    expect(world.airflow.history).toContain(`remove ${DAG_ID}`);
  });

  it('lets a younger pipeline have the DAG afterwards', async () => {
    const world = await mountedWorld();
    world.pipelines.create(pipelineManifest({ name: DAG_ID }, { name: 'younger' }));
    await world.pass(10);
    expect(condition(world, 'Validated', 'team-a/younger')).toBe('False DagIdConflict');

    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(400);

    expect(isGone(world)).toBe(true);
    expect(condition(world, 'Ready', 'team-a/younger')).toBe('True ReconcileSucceeded');
  });

  it('tells of a Secret from which the operator may not take the document', async () => {
    const world = await readyWorld({ delivery: 'ConfigMap' });
    keepMounted(world);
    world.pipelines.create(pipelineManifest());
    await world.pass(120);
    const { KubeError } = await import('../../kube/kubeError.ts');
    world.shelf.refuseSecretWrites(new KubeError('forbidden', 'secrets'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(60);

    expect(isGone(world)).toBe(false);
    expect(message(world, 'Ready')).toContain('deploy/secret-documents.yaml in namespace openmetadata');

    world.shelf.refuseSecretWrites(undefined);
    await world.pass(200);
    expect(isGone(world)).toBe(true);
  });
});

describe('a mounted pipeline that moves to another Airflow', () => {
  it('is removed where it was when it runs at the other', async () => {
    const world = await mountedWorld();
    world.clients.create(
      clientManifest({ apiEndpoint: 'http://other:8080' }, { name: 'other', namespace: 'east' }),
    );
    world.shelf.setSecret('east/airflow-secrets', { password: 'planted-password' });
    world.shelf.setSecret('east/openmetadata-bot', { token: 'planted-token' });
    await world.pass(5);
    respecify(world, { clientRef: { name: 'other', namespace: 'east' } });
    await world.pass(30);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).formerClients).toMatchObject([{ name: 'airflow' }]);

    await world.pass(200);

    expect(statusOf(world).formerClients).toBeUndefined();
    expect(mountedFiles(world)).toEqual(new Map());
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.airflow.history.at(-1)).toBe(`forget ${DAG_ID}`);
  });

  it('comes to a client that delivers by ConfigMap in the same way', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest());
    await world.pass(10);
    world.clients.create(clientManifest({ ...MOUNTED, apiEndpoint: 'http://other:8080' }, { name: 'other' }));
    await world.pass(10);
    respecify(world, { clientRef: { name: 'other', namespace: 'openmetadata' } });
    await world.pass(10);
    expect(condition(world, 'Ready')).toBe('False AwaitingRegistration');
    expect(world.airflow.rows.get(DAG_ID)).toMatchObject({ isPaused: false });

    world.otherAirflow.rows.mount(mountedFiles(world));
    await world.pass(60);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.otherAirflow.rows.get(DAG_ID)).toMatchObject({ isPaused: false });
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(mountedFiles(world).size).toBe(1);
  });
});
