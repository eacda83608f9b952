import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import { appendMark, createMark } from '../../domain/mark.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, clientManifest, DAG_ID, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import {
  annotate,
  condition,
  deployedWorld,
  documents,
  isGone,
  respecify,
  statusOf,
  type World,
} from '../testing/world.ts';

const TO_OTHER = { clientRef: { name: 'other', namespace: 'openmetadata' } };
const BACK = { clientRef: { name: 'airflow', namespace: 'openmetadata' } };

async function worldWithTwoClients(
  spec: Parameters<typeof deployedWorld>[0] = {},
  other: Parameters<typeof clientManifest>[0] = {},
): Promise<World> {
  const world = await deployedWorld(spec);
  world.clients.create(clientManifest({ apiEndpoint: 'http://other:8080', ...other }, { name: 'other' }));
  await world.pass(10);
  return world;
}

describe('a pipeline that moves to another Airflow', () => {
  it('is deployed there like a new one, and then removed where it was', async () => {
    const world = await worldWithTwoClients({ driftPolicy: 'Warn' });
    world.airflow.afterNext('disable', () =>
      expect(world.otherAirflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]),
    );
    respecify(world, TO_OTHER);
    await world.pass(30);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world)).toMatchObject(TO_OTHER);
    expect(statusOf(world).formerClients).toBeUndefined();
    expect(world.otherAirflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
    expect(world.airflow.history.slice(2)).toEqual([`disable ${DAG_ID}`, `remove ${DAG_ID}`]);
    expect(world.events.of('Orphaned')).toEqual([]);
    expect(world.events.of('Deleted')).toHaveLength(1);
    expect(documents(world)).toHaveLength(1);
  });

  it('keeps running where it was while the other Airflow is not ready', async () => {
    const world = await worldWithTwoClients();
    world.otherAirflow.setDown(airflowError('connectionRefused'));
    respecify(world, TO_OTHER);
    await world.pass(300);

    expect(condition(world, 'Ready')).toBe('False ClientNotReady');
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
    expect(statusOf(world).formerClients).toMatchObject([{ name: 'airflow' }]);
  });

  it('is Ready while the former Airflow is down, says so, and cleans it up later', async () => {
    const world = await worldWithTwoClients();
    world.airflow.setDown(airflowError('timeout'));
    respecify(world, TO_OTHER);
    await world.pass(60);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).formerClients).toEqual([
      {
        name: 'airflow',
        namespace: 'openmetadata',
        message: expect.stringContaining('Airflow says timeout.'),
      },
    ]);
    expect(world.events.of('CleanupPending')).toEqual([
      expect.stringMatching(
        /^Warning orders CleanupPending: DAG team-a_orders is still in .* openmetadata\/airflow, which the pipeline has left, and may run there, too\. .*Airflow says timeout\./,
      ),
    ]);

    world.airflow.setDown(undefined);
    await world.pass(60);

    expect(statusOf(world).formerClients).toBeUndefined();
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
  });

  it('ends a move that was cut short by a restart', async () => {
    const world = await worldWithTwoClients();
    world.otherAirflow.failOnce('deploy', new Error('killed'), 'after');
    respecify(world, TO_OTHER);
    await world.pass(1);
    world.restart();
    await world.pass(120);

    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.otherAirflow.history.filter((change) => change.startsWith('deploy'))).toHaveLength(1);
  });

  it('and back before the first one was cleaned is only where it is wanted', async () => {
    const world = await worldWithTwoClients();
    world.airflow.setDown(airflowError('timeout'));
    respecify(world, TO_OTHER);
    await world.pass(60);
    world.airflow.setDown(undefined);
    respecify(world, BACK);
    await world.pass(120);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
    expect(world.otherAirflow.rows.get(DAG_ID)).toBeUndefined();
    expect(statusOf(world).formerClients).toBeUndefined();
    expect(documents(world)).toHaveLength(1);
  });

  it('takes the document of the former client along', async () => {
    const world = await worldWithTwoClients({}, { configMap: { name: 'other-documents' } });
    respecify(world, TO_OTHER);
    await world.pass(30);

    expect(documents(world)).toEqual([expect.stringMatching(/^openmetadata\/other-documents-/)]);
  });

  it('leaves the DAG of another owner alone where it was', async () => {
    const world = await worldWithTwoClients();
    const row = world.airflow.rows.get(DAG_ID);
    const mark = createMark({ ownerId: 'east', namespace: 'team-b', name: 'orders' }, 'f'.repeat(64));
    world.airflow.setDown(airflowError('timeout'));
    respecify(world, TO_OTHER);
    await world.pass(60);
    if (row !== undefined) {
      row.description = appendMark('', mark);
    }
    world.airflow.setDown(undefined);
    await world.pass(60);

    expect(world.airflow.rows.get(DAG_ID)).toBeDefined();
    expect(statusOf(world).formerClients).toBeUndefined();
  });

  it('leaves its document to a pipeline that claims the DAG where it was', async () => {
    const world = await worldWithTwoClients({ name: 'shared' }, { configMap: { name: 'other-documents' } });
    world.pipelines.create(pipelineManifest({ name: 'shared' }, { namespace: 'team-b' }));
    respecify(world, TO_OTHER);
    await world.pass(120);

    expect(JSON.stringify([...world.shelf.texts])).toContain('team-b/orders');
    expect(condition(world, 'Ready', 'team-b/orders')).toBe('True ReconcileSucceeded');
    expect(world.airflow.rows.get('shared')?.isPaused).toBe(false);
  });

  it.each([
    ['its deletion policy is Orphan', { deletionPolicy: 'Orphan' as const }, {}],
    ['force-orphan is set', {}, { [ANNOTATIONS.forceOrphan]: 'true' }],
  ])('stays in the former one, with a Warning, where %s', async (_, spec, annotations) => {
    const world = await worldWithTwoClients(spec);
    annotate(world, annotations);
    respecify(world, TO_OTHER);
    await world.pass(30);

    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
    expect(world.events.of('Orphaned')).toEqual([
      expect.stringMatching(/^Warning .*PipelineServiceClient openmetadata\/airflow/),
    ]);
    expect(statusOf(world).formerClients).toBeUndefined();
  });

  it('stays in the former one, with a Warning, where nobody can reach that any more', async () => {
    const world = await worldWithTwoClients();
    world.clients.edit(CLIENT_KEY, ({ metadata }) => ({ metadata: { ...metadata, finalizers: [] } }));
    world.clients.delete(CLIENT_KEY);
    respecify(world, TO_OTHER);
    await world.pass(60);

    expect(world.events.of('Orphaned')).toEqual([expect.stringContaining('does not exist any more')]);
    expect(statusOf(world).formerClients).toBeUndefined();
  });

  it('and is deleted in the middle of it is removed from both', async () => {
    const world = await worldWithTwoClients();
    world.airflow.setDown(airflowError('timeout'));
    respecify(world, TO_OTHER);
    await world.pass(60);
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(60);

    expect(isGone(world)).toBe(false);
    expect(condition(world, 'Ready')).toBe('False Deleting');

    world.airflow.setDown(undefined);
    await world.pass(60);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeUndefined();
    expect(world.otherAirflow.rows.get(DAG_ID)).toBeUndefined();
    expect(documents(world)).toEqual([]);
  });
});

describe('a pipeline that turns to another client of the same Airflow', () => {
  it('goes on there without a deploy', async () => {
    const world = await worldWithTwoClients({}, { apiEndpoint: 'http://airflow:8080' });
    respecify(world, TO_OTHER);
    await world.pass(30);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world)).toMatchObject(TO_OTHER);
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
    expect(statusOf(world).formerClients).toBeUndefined();
  });
});
