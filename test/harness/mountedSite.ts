import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';
import type { FakeAirflow } from '../fakes/airflow/fakeAirflow.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';
import type { FakeWorld } from './fakeWorld.ts';
import { type KubeletMount, mountFiles } from './kubeletMount.ts';
import { clientManifest } from './manifests.ts';
import { readShards } from './shards.ts';

const ROLE = join(import.meta.dirname, '..', '..', 'deploy', 'secret-documents.yaml');
export const SHARDS = 2;

/** A namespace whose client delivers by ConfigMap to a fake Airflow of its own, which mounts the shards. */
export interface MountedSite {
  readonly airflow: FakeAirflow;
  /** The kubelet brings the directory up to date. */
  sync(): Promise<void>;
  /** What Airflow finds in the directory, by file name. */
  files(): Map<string, string>;
  /** So many shards are mounted from now on. */
  mountShards(count: number): Promise<void>;
  /** Declares the client anew. */
  applyClient(changes?: Partial<PipelineServiceClientSpec>): Promise<void>;
  stop(): Promise<void>;
}

export async function startMountedSite(world: FakeWorld, namespace: string): Promise<MountedSite> {
  const { cluster } = world;
  const airflow = await world.startAirflow();
  const volume = temporaryDirectory('mount');
  let shards = SHARDS;
  await world.createNamespace(namespace, airflow);
  await cluster.kubectl('apply', '--namespace', namespace, '--filename', ROLE);

  function applyClient(changes: Partial<PipelineServiceClientSpec> = {}): Promise<void> {
    const spec = { delivery: 'ConfigMap', configMap: { shards: SHARDS }, ...changes } as const;
    return cluster.apply(clientManifest({ namespace, name: 'airflow' }, world.serversOf(airflow), spec));
  }

  function read(): Promise<ReadonlyMap<string, string>> {
    return readShards(cluster.plane, { namespace, name: 'dag-generated-configs', shards });
  }

  await applyClient();
  const mount: KubeletMount = await mountFiles({ directory: volume.path, read });
  airflow.mount(() => filesIn(volume.path));
  return {
    airflow,
    sync: () => mount.sync(),
    files: () => filesIn(volume.path),
    async mountShards(count) {
      shards = count;
      await mount.sync();
    },
    applyClient,
    async stop() {
      await mount.stop();
      volume.remove();
    },
  };
}

function filesIn(directory: string): Map<string, string> {
  const names = readdirSync(directory).filter((name) => !name.startsWith('..'));
  return new Map(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}
