import { describe, expect, it } from 'vitest';
import type { PipelineServiceClientSpec } from '../../api/pipelineServiceClient.ts';
import { KubeError } from '../../kube/kubeError.ts';
import { CLIENT_KEY, DAG_ID, PIPELINE_KEY, pipelineManifest, specWithSecret } from '../testing/manifests.ts';
import {
  condition,
  documents,
  isGone,
  message,
  readyWorld,
  respecify,
  statusOf,
  type World,
} from '../testing/world.ts';

const SHARD = 'openmetadata/dag-generated-configs-05';
const KEY = `05-${DAG_ID}.json`;
const FROM_ENVIRONMENT = { jwtToken: undefined, jwtTokenEnv: 'OM_JWT' };

/** A world whose Airflow mounts documents, with one pipeline. */
async function mountedWorld(
  client: Partial<PipelineServiceClientSpec> = {},
  pipeline: Parameters<typeof pipelineManifest>[0] = {},
): Promise<World> {
  const world = await readyWorld({ delivery: 'ConfigMap', ...client });
  world.shelf.setSecret('team-a/dbt', { key: 'planted-$key' });
  world.pipelines.create(pipelineManifest(pipeline));
  await world.pass(10);
  return world;
}

async function changeClient(world: World, change: Partial<PipelineServiceClientSpec>): Promise<void> {
  world.clients.edit(CLIENT_KEY, ({ spec }) => ({ spec: { ...spec, ...change } }));
  await world.pass(10);
}

describe('a document that Airflow mounts', () => {
  it('stands in a Secret, complete, where the operator knows the token', async () => {
    const world = await mountedWorld();

    expect(documents(world)).toEqual([]);
    expect(world.shelf.secretTexts(SHARD)[KEY]).toContain('"jwtToken":"planted-token"');
    expect(message(world, 'Rendered')).toBe(`Stands in Secret ${SHARD} under ${KEY}.`);
  });

  it('stands in a ConfigMap where the environment of Airflow has every secret of it', async () => {
    const world = await mountedWorld({ openMetadata: FROM_ENVIRONMENT }, specWithSecret('DBT_KEY'));
    const text = world.shelf.texts.get(SHARD)?.[KEY];

    expect(text).toContain('${OM_JWT}');
    expect(text).toContain('${DBT_KEY}');
    expect(text).not.toContain('planted');
    expect(world.shelf.secretTexts(SHARD)).toEqual({});
  });

  it('stands in a Secret where only one value lacks a variable, with the placeholder of the token', async () => {
    const world = await mountedWorld({ openMetadata: FROM_ENVIRONMENT }, specWithSecret());
    const text = world.shelf.secretTexts(SHARD)[KEY] ?? '';

    expect(documents(world)).toEqual([]);
    expect(text).toContain('"jwtToken":"${OM_JWT}"');
    expect(text).toContain(String.raw`planted-\u0024key`);
  });

  it('may hold dollar signs, which a posted one may not', async () => {
    const world = await mountedWorld({}, { displayName: 'costs $NAME' });

    expect(condition(world, 'Validated')).toBe('True Valid');
    expect(world.shelf.secretTexts(SHARD)[KEY]).toContain(String.raw`costs \u0024NAME`);

    await changeClient(world, { delivery: 'ManagedAPI' });
    expect(condition(world, 'Validated')).toBe('False DollarInValue');
  });

  it('moves from the Secret to the ConfigMap and back, as its secrets come from elsewhere', async () => {
    const world = await mountedWorld();
    await changeClient(world, { openMetadata: FROM_ENVIRONMENT });
    expect(documents(world)).toEqual([`${SHARD}/${KEY}`]);
    expect(world.shelf.secretTexts(SHARD)).toEqual({});

    respecify(world, specWithSecret());
    await world.pass(10);
    expect(documents(world)).toEqual([]);
    expect(Object.keys(world.shelf.secretTexts(SHARD))).toEqual([KEY]);
  });

  it('leaves the Secret, also after a restart, when documents are posted again', async () => {
    const world = await mountedWorld();
    world.restart();
    await changeClient(world, { delivery: 'ManagedAPI' });

    expect(documents(world)).toEqual([`${SHARD}/${KEY}`]);
    expect(world.shelf.secretTexts(SHARD)).toEqual({});
    expect(JSON.stringify([...world.shelf.texts])).not.toContain('planted');
  });

  it('is put back within a minute where somebody changed it in the Secret', async () => {
    const world = await mountedWorld();
    const before = world.shelf.secretTexts(SHARD);
    world.shelf.setSecret(SHARD, { [KEY]: 'changed', other: 'kept' });
    await world.pass(61);
    await world.reconcile();

    expect(world.shelf.secretTexts(SHARD)).toEqual({ ...before, other: 'kept' });
  });

  it('is a fault with its remedy where the operator may not write Secrets, until it may', async () => {
    const world = await readyWorld({ delivery: 'ConfigMap' });
    world.shelf.refuseSecretWrites(new KubeError('forbidden', 'PATCH', { status: 403 }));
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(condition(world, 'Rendered')).toBe('False SecretNotWritable');
    expect(condition(world, 'Stalled')).toBe('True SecretNotWritable');
    expect(message(world, 'Rendered')).toContain('deploy/secret-documents.yaml in namespace openmetadata');
    expect(message(world, 'Rendered')).toContain('openMetadata.jwtTokenEnv');
    expect(documents(world)).toEqual([]);

    world.shelf.refuseSecretWrites(undefined);
    await world.pass(70);
    expect(condition(world, 'Rendered')).toBe('True Rendered');
  });

  it('is a fault where it does not fit into the Secret any more', async () => {
    const world = await readyWorld({ delivery: 'ConfigMap' });
    world.shelf.setSecret(SHARD, { other: 'x'.repeat(1024 * 1024 - 100) });
    await world.pass(61);
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(condition(world, 'Rendered')).toBe('False ConfigMapFull');
    expect(message(world, 'Rendered')).toContain(`Secret ${SHARD}`);
  });

  it('causes no call while nothing changes', async () => {
    const world = await mountedWorld();
    const writes = world.shelf.writes();
    await world.pass(3_600);

    expect(world.shelf.writes()).toBe(writes);
  });
});

describe('a document whose shard has changed', () => {
  it.each([
    ['fewer', 4],
    ['more', 64],
  ])('stands in both places, up to date, until Airflow mounts the new one: %s shards', async (_, shards) => {
    const world = await mountedWorld({ openMetadata: FROM_ENVIRONMENT });
    await changeClient(world, { configMap: { shards } });
    respecify(world, { displayName: 'renamed' });
    world.restart();
    await world.pass(10);

    const texts = documents(world).map((path) => textAt(world, path));
    expect(texts).toHaveLength(2);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('renamed');
  });

  it('stands in all places that it ever had, however often that changes, and leaves all with the pipeline', async () => {
    const world = await mountedWorld({ openMetadata: FROM_ENVIRONMENT });
    await changeClient(world, { configMap: { shards: 4 } });
    await changeClient(world, { configMap: { name: 'documents', shards: 64 } });
    world.restart();
    await world.pass(10);
    expect(documents(world)).toHaveLength(3);

    world.pipelines.delete(PIPELINE_KEY);
    await world.pass(60);
    expect(isGone(world)).toBe(true);
    expect(documents(world)).toEqual([]);
  });

  it('stands in all Secrets, too, and in none of them when documents are posted again', async () => {
    const world = await mountedWorld();
    await changeClient(world, { configMap: { shards: 4 } });
    expect(secretDocuments(world, 4)).toHaveLength(1);
    expect(secretDocuments(world, 16)).toHaveLength(2);

    await changeClient(world, { delivery: 'ManagedAPI' });
    expect(secretDocuments(world, 16)).toEqual([]);
    expect(documents(world)).toHaveLength(1);
  });

  it('leaves the documents of other clients beside it alone', async () => {
    const world = await mountedWorld({ openMetadata: FROM_ENVIRONMENT });
    const foreign = `{"description":"[ingestion.open-metadata.org default/team-b/orders 0123456789ab]"}`;
    const path = 'openmetadata/others-05';
    world.shelf.texts.set(path, { [KEY]: foreign });
    await changeClient(world, { configMap: { shards: 4 } });

    expect(world.shelf.texts.get(path)).toEqual({ [KEY]: foreign });
  });

  it('does not tell of the new place before it is seen to be mounted', async () => {
    const world = await mountedWorld({ openMetadata: FROM_ENVIRONMENT, delivery: 'ManagedAPI' });
    expect(statusOf(world).deployed?.configMap).toBe('dag-generated-configs-05');
    await changeClient(world, { delivery: 'ConfigMap', configMap: { shards: 4 } });

    expect(statusOf(world).deployed?.configMap).toBe('dag-generated-configs-05');
  });
});

function textAt(world: World, path: string): string | undefined {
  const [namespace = '', name = '', key = ''] = path.split('/');
  return world.shelf.texts.get(`${namespace}/${name}`)?.[key];
}

function secretDocuments(world: World, shards: number): string[] {
  return Array.from({ length: shards }, (_, index) =>
    Object.keys(
      world.shelf.secretTexts(`openmetadata/dag-generated-configs-${String(index).padStart(2, '0')}`),
    ),
  ).flat();
}
