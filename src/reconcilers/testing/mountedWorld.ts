import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClientSpec } from '../../api/pipelineServiceClient.ts';
import { CLIENT_KEY, pipelineManifest } from './manifests.ts';
import { readyWorld, type World } from './world.ts';

export const MOUNTED: Partial<PipelineServiceClientSpec> = {
  delivery: 'ConfigMap',
  openMetadata: { jwtTokenEnv: 'OM_JWT' },
};

/** What Airflow's containers find in the mount of the client's shards. */
export function mountedFiles(world: World): Map<string, string> {
  const files = new Map<string, string>();
  for (let shard = 0; shard < 16; shard += 1) {
    const key = `openmetadata/dag-generated-configs-${String(shard).padStart(2, '0')}`;
    const texts = { ...world.shelf.texts.get(key), ...world.shelf.secretTexts(key) };
    Object.entries(texts).forEach(([name, text]) => name.endsWith('.json') && files.set(name, text));
  }
  return files;
}

/** The kubelet brings the mount up to date, and goes on doing so each minute. */
export function keepMounted(world: World, interval = 60_000): void {
  function sync(): void {
    world.airflow.rows.mount(mountedFiles(world));
    world.clockwork.schedule(sync, interval);
  }
  sync();
}

/** A world whose client delivers by ConfigMaps that Airflow mounts, with a pipeline that is Ready. */
export async function mountedWorld(
  spec: Partial<IngestionPipeline['spec']> = {},
  interval?: number,
): Promise<World> {
  const world = await readyWorld(MOUNTED);
  world.pipelines.create(pipelineManifest(spec));
  await world.pass(10);
  keepMounted(world, interval);
  await world.pass(60);
  return world;
}

export function setDelivery(world: World, delivery: 'ManagedAPI' | 'ConfigMap'): void {
  world.clients.edit(CLIENT_KEY, (client) => ({ spec: { ...client.spec, delivery } }));
}
