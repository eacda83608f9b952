import { describe, expect, it } from 'vitest';
import { CLIENT_KEY, clientManifest, pipelineManifest } from '../testing/manifests.ts';
import { LOADER_FILES } from '../testing/simulatedOperator.ts';
import { readyWorld, type World } from '../testing/world.ts';

const OTHER_KEY = 'openmetadata/other';
const FROM_ENVIRONMENT = { jwtToken: undefined, jwtTokenEnv: 'OM_JWT' };

/** Where loaders stand: the last part of the shards' names, sorted. */
function loaders(world: World, name = 'dag-generated-configs'): string[] {
  return [...world.shelf.texts]
    .filter(
      ([path, data]) => data[`loader-${path.slice(-2)}.py`] === LOADER_FILES.loader && path.includes(name),
    )
    .map(([path]) => path.slice(-2))
    .toSorted();
}

async function setShards(world: World, shards: number, key = CLIENT_KEY): Promise<void> {
  world.clients.edit(key, ({ spec }) => ({ spec: { ...spec, configMap: { shards } } }));
  await world.pass(120);
}

describe('the loaders of a client', () => {
  it.each(['ManagedAPI', 'ConfigMap'] as const)(
    'stand in every shard before there is a pipeline, with delivery %s',
    async (delivery) => {
      const world = await readyWorld({ delivery, configMap: { shards: 3 } });

      expect(loaders(world)).toEqual(['00', '01', '02']);
      expect(world.shelf.texts.get('openmetadata/dag-generated-configs-00')).toEqual({
        'loader-00.py': LOADER_FILES.loader,
        '.airflowignore': LOADER_FILES.ignore,
      });
    },
  );

  it('are put back, and otherwise written once', async () => {
    const world = await readyWorld({ configMap: { shards: 3 } });
    world.shelf.texts.set('openmetadata/dag-generated-configs-01', { 'loader-01.py': '# changed' });
    const writes = world.shelf.writes();
    await world.pass(600);

    expect(loaders(world)).toEqual(['00', '01', '02']);
    expect(world.shelf.writes()).toBe(writes + 1);
  });

  it('leave shards that are not counted any more', async () => {
    const world = await readyWorld({ configMap: { shards: 4 } });
    await setShards(world, 2);

    expect(loaders(world)).toEqual(['00', '01']);
  });

  it.each([
    ['ConfigMap', FROM_ENVIRONMENT],
    ['Secret', { jwtToken: { secretRef: 'openmetadata-bot', secretKey: 'token' } }],
  ])('stay in a shard as long as a document is left in its %s', async (_, openMetadata) => {
    const world = await readyWorld({ delivery: 'ConfigMap', openMetadata });
    world.pipelines.create(pipelineManifest());
    await world.pass(10);
    await setShards(world, 4);

    expect(loaders(world)).toEqual(['00', '01', '02', '03', '05']);
  });

  it('stay where another client beside it counts the shard', async () => {
    const world = await readyWorld({ configMap: { shards: 4 } });
    world.clients.create(clientManifest({ configMap: { shards: 4 } }, { name: 'other' }));
    await setShards(world, 1);
    expect(loaders(world)).toEqual(['00', '01', '02', '03']);

    await setShards(world, 1, OTHER_KEY);
    expect(loaders(world)).toEqual(['00']);
  });

  it('go with the client', async () => {
    const world = await readyWorld({ configMap: { shards: 2 } });
    world.shelf.texts.set('openmetadata/dag-generated-configs-01', {
      ...world.shelf.texts.get('openmetadata/dag-generated-configs-01'),
      other: 'kept',
    });
    world.clients.delete(CLIENT_KEY);
    await world.pass(10);

    expect(Object.fromEntries(world.shelf.texts)).toEqual({
      'openmetadata/dag-generated-configs-00': {},
      'openmetadata/dag-generated-configs-01': { other: 'kept' },
    });
  });
});
