import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import { KubeError } from '../../kube/kubeError.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, DAG_ID, PIPELINE_KEY } from '../testing/manifests.ts';
import { annotate, deployedWorld, documents, isGone } from '../testing/world.ts';

describe('a pipeline that leaves its DAG behind', () => {
  it('does so without a warning with deletionPolicy Orphan, but takes its document along', async () => {
    const world = await deployedWorld({ deletionPolicy: 'Orphan' });
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(0);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
    expect(documents(world)).toEqual([]);
    expect(world.events.of('Orphaned')).toEqual([
      expect.stringMatching(/^Normal .*deletionPolicy is Orphan/),
    ]);
  });

  it('does so when it is forced to while Airflow is down', async () => {
    const world = await deployedWorld();
    world.airflow.setDown(airflowError('timeout'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(60);
    annotate(world, { [ANNOTATIONS.forceOrphan]: 'true' });
    await world.pass(0);

    expect(isGone(world)).toBe(true);
    expect(world.events.of('Orphaned')).toEqual([expect.stringMatching(/^Warning .*force-orphan/)]);
  });

  it('does so when its client is gone', async () => {
    const world = await deployedWorld();
    world.clients.edit(CLIENT_KEY, ({ metadata }) => ({ metadata: { ...metadata, finalizers: [] } }));
    world.clients.delete(CLIENT_KEY);
    await world.pass(10);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(documents(world)).toEqual([]);
    expect(world.events.of('Orphaned')).toEqual([
      expect.stringMatching(/^Warning .*does not exist any more/),
    ]);
  });

  it('does so when the credentials are gone and none are remembered', async () => {
    const world = await deployedWorld();
    world.shelf.removeSecret('openmetadata/airflow-secrets');
    world.restart();
    await world.pass(5);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.events.of('Orphaned')).toEqual([expect.stringMatching(/^Warning .*credentials is gone/)]);
  });

  it('does not while the credentials that are remembered still work', async () => {
    const world = await deployedWorld();
    world.shelf.removeSecret('openmetadata/airflow-secrets');
    await world.pass(120);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.events.of('Orphaned')).toEqual([]);
  });

  it('does so when the credentials that are remembered are refused, and only then', async () => {
    const world = await deployedWorld();
    world.airflow.setDown(airflowError('invalidCredentials'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(300);

    expect(isGone(world)).toBe(false);

    world.shelf.removeSecret('openmetadata/airflow-secrets');
    await world.pass(400);

    expect(isGone(world)).toBe(true);
    expect(world.events.of('Orphaned')).toHaveLength(1);
  });

  it('waits where the credentials are gone and Airflow is merely down', async () => {
    const world = await deployedWorld();
    world.airflow.setDown(airflowError('timeout'));
    world.shelf.removeSecret('openmetadata/airflow-secrets');
    await world.pass(70);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(300);

    expect(isGone(world)).toBe(false);

    world.airflow.setDown(undefined);
    await world.pass(30);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
  });

  it('needs no ConfigMap in a namespace that is being deleted', async () => {
    const world = await deployedWorld();
    world.namespaces.set('openmetadata', { labels: {}, terminating: true });
    world.shelf.refuseWrites(new KubeError('forbidden', 'PATCH'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
  });

  it('is not held by a document that may not be removed, only in a namespace that stays', async () => {
    const world = await deployedWorld();
    world.shelf.refuseWrites(new KubeError('forbidden', 'PATCH'));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(false);
    expect(world.operator().thrown()).not.toEqual([]);
  });
});
