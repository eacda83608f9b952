import { describe, expect, it } from 'vitest';
import { ANNOTATIONS } from '../../api/group.ts';
import type { IngestionPipelineSpec } from '../../api/ingestionPipeline.ts';
import { appendMark, createMark } from '../../domain/mark.ts';
import { OpenMetadataError } from '../../openmetadata/openMetadata.ts';
import {
  CLIENT_KEY,
  DAG_ID,
  PIPELINE_KEY,
  clientManifest,
  pipelineManifest,
  specWithSecret,
} from '../testing/manifests.ts';
import type { PipelineRow } from '../testing/openMetadataDoor.ts';
import {
  annotate,
  condition,
  isGone,
  message,
  readyWorld,
  respecify,
  statusOf,
  type World,
} from '../testing/world.ts';

const FQN = `mysql_prod.${DAG_ID}`;
const RESYNC = 700;

function openMetadataOf(register: boolean): ReturnType<typeof clientManifest>['spec']['openMetadata'] {
  return { ...clientManifest().spec.openMetadata, register };
}

function turn(world: World, register: boolean): void {
  world.clients.edit(CLIENT_KEY, ({ spec }) => ({
    spec: { ...spec, openMetadata: openMetadataOf(register) },
  }));
}

/** A world whose client shows its pipelines in OpenMetadata, and a pipeline. OpenMetadata works on the same Airflow. */
async function registeredWorld(
  spec: Partial<IngestionPipelineSpec> = {},
  prepare: (world: World) => void = () => {},
): Promise<World> {
  const world = await readyWorld({ openMetadata: openMetadataOf(true) });
  world.openMetadata.onDelete = (name) => world.airflow.rows.remove(name);
  prepare(world);
  world.pipelines.create(pipelineManifest(spec));
  await world.pass(20);
  return world;
}

function handmade(changes: Partial<PipelineRow> = {}): PipelineRow {
  return {
    id: 'other',
    description: 'mine',
    provider: 'user',
    version: 1,
    deleted: false,
    request: {},
    ...changes,
  };
}

function puts(world: World): number {
  return world.openMetadata.history.filter((line) => line.startsWith('put')).length;
}

function finds(world: World): number {
  return world.openMetadata.history.filter((line) => line.startsWith('find')).length;
}

const down = new OpenMetadataError('connectionRefused', 'OpenMetadata refused the connection.');
const denied = new OpenMetadataError('permissionDenied', 'The bot may not.');

describe('a pipeline whose client shows it in OpenMetadata', () => {
  it('is there with its schedule and without its secrets', async () => {
    const world = await registeredWorld(specWithSecret('DBT_KEY'), ({ shelf }) =>
      shelf.setSecret('team-a/dbt', { key: 'planted-value' }),
    );

    expect(condition(world, 'Registered')).toBe('True Registered');
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    const { request, ...entity } = world.openMetadata.entities.get(FQN) ?? handmade();
    expect(entity).toMatchObject({ scheduleInterval: '0 3 * * *', provider: 'automation' });
    expect(request).toMatchObject({ sourceConfig: { config: { queryLogFilePath: '${DBT_KEY}' } } });
    expect(JSON.stringify(request)).not.toContain('planted');
    expect(statusOf(world).registered).toMatchObject({ fullyQualifiedName: FQN, id: entity.id, version: 1 });
  });

  it('is not there where the client does not ask for it, and OpenMetadata is asked nothing', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest());
    await world.pass(RESYNC);

    expect(condition(world, 'Registered')).toBeUndefined();
    expect(world.openMetadata.history).toEqual([]);
  });

  it('is written once, and looked at no more than once for each resync', async () => {
    const world = await registeredWorld();
    const looks = finds(world);
    const writes = world.pipelines.statusWrites();
    await world.reconcile();
    await world.reconcile();

    expect(finds(world)).toBe(looks);

    await world.pass(3 * RESYNC);

    expect(finds(world) - looks).toBeLessThanOrEqual(4);
    expect(puts(world)).toBe(1);
    expect(world.pipelines.statusWrites()).toBe(writes);
  });

  it('is written again when it changes', async () => {
    const world = await registeredWorld();
    respecify(world, { airflowConfig: { scheduleInterval: '0 4 * * *' } });
    await world.pass(20);

    expect(world.openMetadata.entities.get(FQN)?.scheduleInterval).toBe('0 4 * * *');
    expect(puts(world)).toBe(2);
  });

  it('is written once more after a restart only if somebody touched it', async () => {
    const world = await registeredWorld();
    world.restart();
    await world.pass(20);

    expect(puts(world)).toBe(1);
    expect(finds(world)).toBe(2);
  });

  it.each([
    ['deleted', (world: World) => world.openMetadata.entities.delete(FQN)],
    [
      'changed',
      (world: World) => world.openMetadata.entities.set(FQN, handmade({ id: 'entity-1', version: 2 })),
    ],
  ])('comes back after somebody has %s it', async (_, harm) => {
    const world = await registeredWorld();
    harm(world);
    await world.pass(2 * RESYNC);

    expect(world.openMetadata.entities.get(FQN)).toMatchObject({ scheduleInterval: '0 3 * * *' });
    expect(condition(world, 'Registered')).toBe('True Registered');
  });

  it('is looked at on request', async () => {
    const world = await registeredWorld();
    world.openMetadata.entities.delete(FQN);
    annotate(world, { [ANNOTATIONS.requestedAt]: 'now' });
    await world.pass(1);

    expect(world.openMetadata.entities.has(FQN)).toBe(true);
  });

  it('names its owners and domains, and says which of them OpenMetadata does not have', async () => {
    const spec = {
      owners: [
        { type: 'team' as const, name: 'sales' },
        { type: 'user' as const, name: 'jane' },
      ],
    };
    const world = await registeredWorld({ ...spec, domains: ['Sales'] }, ({ openMetadata }) =>
      openMetadata.catalogue.add('team sales'),
    );

    expect(world.openMetadata.entities.get(FQN)?.request).toMatchObject({
      owners: [{ id: 'team sales', type: 'team' }],
    });
    expect(message(world, 'Registered')).toContain('does not have them: user jane, domain Sales.');

    world.openMetadata.catalogue.add('domain Sales');
    await world.pass(2 * RESYNC);

    expect(world.openMetadata.entities.get(FQN)?.request).toMatchObject({ domains: ['Sales'] });
  });
});

describe('an entity that is there already', () => {
  it('is not touched where somebody else made it, and the pipeline is deployed all the same', async () => {
    const world = await registeredWorld({}, ({ openMetadata }) => openMetadata.entities.set(FQN, handmade()));

    expect(condition(world, 'Registered')).toBe('False EntityExists');
    expect(message(world, 'Registered')).toContain('spec.adopt');
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.events.of('EntityExists')).toHaveLength(1);
    expect(world.openMetadata.entities.get(FQN)).toEqual(handmade());

    respecify(world, { adopt: true });
    await world.pass(20);

    expect(condition(world, 'Registered')).toBe('True Registered');
    expect(world.openMetadata.entities.get(FQN)).toMatchObject({
      id: 'other',
      scheduleInterval: '0 3 * * *',
    });
  });

  it('is taken over where a run had made it for itself', async () => {
    const world = await registeredWorld({}, ({ openMetadata }) =>
      openMetadata.entities.set(FQN, handmade({ description: '' })),
    );

    expect(condition(world, 'Registered')).toBe('True Registered');
  });

  it('is not made for a DAG that is somebody else’s', async () => {
    const world = await registeredWorld({}, ({ airflow }) => airflow.rows.addByHand(DAG_ID, 'made by hand'));

    expect(condition(world, 'Deployed')).toBe('False DagExists');
    expect(world.openMetadata.entities.size).toBe(0);
  });
});

describe('an OpenMetadata that does not take the pipeline', () => {
  it.each([
    ['forbids it', denied, 'False PermissionDenied', 1],
    ['refuses it', new OpenMetadataError('refused', 'No.'), 'False RegistrationRefused', 1],
    ['is down', down, 'Unknown ConnectionRefused', 0],
  ])('because it %s is a condition, and no more', async (_, fault, expected, events) => {
    const world = await registeredWorld({}, ({ openMetadata }) => {
      openMetadata.entityFault = fault;
    });
    await world.pass(2 * RESYNC);

    expect(condition(world, 'Registered')).toBe(expected);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
    expect(world.events.of(expected.split(' ')[1] ?? '')).toHaveLength(events);

    world.openMetadata.entityFault = undefined;
    await world.pass(2 * RESYNC);

    expect(condition(world, 'Registered')).toBe('True Registered');
  });
});

describe('a client that shows its pipelines no more', () => {
  it('has their entities deleted, and the DAG that OpenMetadata deletes with them brought back', async () => {
    const world = await registeredWorld({ driftPolicy: 'Warn' });
    turn(world, false);
    await world.pass(30);

    expect(world.openMetadata.entities.size).toBe(0);
    expect(condition(world, 'Registered')).toBeUndefined();
    expect(statusOf(world).registered).toBeUndefined();
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.airflow.rows.get(DAG_ID)).toMatchObject({ isPaused: false });

    turn(world, true);
    await world.pass(30);

    expect(condition(world, 'Registered')).toBe('True Registered');
  });

  it('leaves a DAG alone that OpenMetadata did not delete', async () => {
    const world = await registeredWorld();
    world.openMetadata.onDelete = () => {};
    turn(world, false);
    await world.pass(30);

    expect(world.openMetadata.entities.size).toBe(0);
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
  });

  it('tries again while OpenMetadata is down', async () => {
    const world = await registeredWorld();
    world.openMetadata.entityFault = down;
    turn(world, false);
    await world.pass(30);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');

    world.openMetadata.entityFault = undefined;
    await world.pass(2 * RESYNC);

    expect(world.openMetadata.entities.size).toBe(0);
  });

  it('leaves the entity there where OpenMetadata forbids to delete it, and says so', async () => {
    const world = await registeredWorld();
    world.openMetadata.entityFault = denied;
    turn(world, false);
    await world.pass(30);

    expect(world.events.of('PermissionDenied').join('')).toContain(`${FQN} was left in OpenMetadata`);
    expect(statusOf(world).registered).toBeUndefined();
  });
});

it('a pipeline that is about another service now has its entity there', async () => {
  const world = await registeredWorld({}, ({ openMetadata }) =>
    openMetadata.services.add('databaseService mysql_test'),
  );
  respecify(world, { service: { type: 'databaseService', name: 'mysql_test' } });
  await world.pass(30);

  expect([...world.openMetadata.entities.keys()]).toEqual([`mysql_test.${DAG_ID}`]);
  expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  expect(world.airflow.rows.get(DAG_ID)).toMatchObject({ isPaused: false });
});

describe('the deletion of a pipeline', () => {
  it('deletes its entity after the DAG is gone', async () => {
    const world = await registeredWorld();
    let dagWasThere: boolean | undefined;
    world.openMetadata.onDelete = (name) => {
      dagWasThere = world.airflow.rows.get(name) !== undefined;
    };
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(30);

    expect(isGone(world)).toBe(true);
    expect(world.openMetadata.entities.size).toBe(0);
    expect(dagWasThere).toBe(false);
  });

  it('deletes an entity with its mark of which the status knows nothing any more', async () => {
    const world = await registeredWorld();
    world.pipelines.edit(PIPELINE_KEY, ({ status }) => ({ status: { ...status, registered: undefined } }));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(30);

    expect(world.openMetadata.entities.size).toBe(0);
  });

  it('leaves the entity with the DAG, as OpenMetadata would delete both', async () => {
    const world = await registeredWorld({ deletionPolicy: 'Orphan' });
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(30);

    expect(isGone(world)).toBe(true);
    expect(world.openMetadata.entities.has(FQN)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeDefined();
  });

  it('leaves an entity that bears another mark by now', async () => {
    const world = await registeredWorld();
    const mark = createMark({ ownerId: 'east', namespace: 'team-b', name: 'orders' }, 'f'.repeat(64));
    world.openMetadata.entities.set(FQN, handmade({ description: appendMark('', mark) }));
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(30);

    expect(isGone(world)).toBe(true);
    expect(world.openMetadata.entities.has(FQN)).toBe(true);
    expect(world.events.of('EntityExists').join('')).toContain('was left in OpenMetadata');
  });

  it('waits a minute for an OpenMetadata that is down, and then goes on', async () => {
    const world = await registeredWorld();
    world.openMetadata.entityFault = down;
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(50);

    expect(isGone(world)).toBe(false);
    expect(message(world, 'Ready')).toContain('still in OpenMetadata');

    await world.pass(30);

    expect(isGone(world)).toBe(true);
    expect(world.events.of('ConnectionRefused').join('')).toContain('delete it there');
  });

  it('goes on at once where OpenMetadata forbids to delete the entity', async () => {
    const world = await registeredWorld();
    world.openMetadata.entityFault = denied;
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.events.of('PermissionDenied')).toHaveLength(1);
  });

  it('does not have OpenMetadata delete a DAG that somebody else made in the meantime', async () => {
    const world = await registeredWorld();
    world.airflow.rows.lose();
    world.airflow.rows.addByHand(
      DAG_ID,
      appendMark('', createMark({ ownerId: 'east', namespace: 'team-b', name: 'orders' }, 'f'.repeat(64))),
    );
    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(10);

    expect(isGone(world)).toBe(true);
    expect(world.airflow.rows.get(DAG_ID)).toBeDefined();
    expect(world.events.of('Orphaned').join('')).toContain(FQN);
  });
});
