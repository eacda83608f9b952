import { loadavg } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { documentTextsIn } from '../../harness/documents.ts';
import { type KubeletMount, mountFiles } from '../../harness/kubeletMount.ts';
import { readShards } from '../../harness/shards.ts';
import { eventually } from '../../support/eventually.ts';
import { measureEdits } from './edits.ts';
import { measureParseLoop } from './parseLoop.ts';
import { rollOut } from './rollout.ts';
import { NAMESPACE, type Site, startSite } from './site.ts';
import type { Limits, Trial } from './trial.ts';
import { warmUp } from './warmUp.ts';
import { watchWebMemory } from './webMemory.ts';

const SHARDS = 16;
const LOOPS = 3;
/** What is mounted is waited for to the end, unless something is broken. */
const PATIENCE_MINUTES = 20;
const PATIENCE = { timeoutMs: 600_000, intervalMs: 1_000 };

/** All documents in one directory below the DAGs folder, with one DAG file for each shard. */
export async function measureMounted(pipelines: number, limits: Limits): Promise<Trial> {
  const site = await startSite({ delivery: 'ConfigMap', configMap: { shards: SHARDS } });
  const mount = await mountShards(site);
  const loadBefore = loadavg()[0] ?? 0;
  try {
    await warmUp(site, () => mount.untilIn(1));
    const memory = await watchWebMemory(site);
    const rollout = await rollOut(site, {
      pipelines,
      minutes: PATIENCE_MINUTES,
      update: () => mount.untilIn(pipelines + 1),
    });
    const web = await memory.end();
    const parseLoop = await measureParseLoop(site, {
      loops: LOOPS,
      minutes: PATIENCE_MINUTES,
    });
    const edits = await measureEdits(site, { count: limits.edits, update: mount.untilChanged });
    const loadAverage = [loadBefore, loadavg()[0] ?? 0] as const;
    return { delivery: 'ConfigMap', pipelines, rollout, web, parseLoop, edits, loadAverage };
  } finally {
    await mount.stop();
    await site.stop();
  }
}

/** Updates the directory when the documents are there, as a kubelet that comes by at the right moment. */
interface ShardMount {
  /** Waits for so many documents; the moment of the directory's update. */
  untilIn(documents: number): Promise<number>;
  /** Waits until that document is another than is mounted; the moment of the directory's update. */
  untilChanged(dagId: string): Promise<number>;
  stop(): Promise<void>;
}

async function mountShards({ cluster, airflow }: Site): Promise<ShardMount> {
  const source = { namespace: NAMESPACE, name: 'dag-generated-configs', shards: SHARDS };
  const mount = await mountFiles({
    directory: join(airflow.dagsFolder, 'dag_generated_configs'),
    read: () => readShards(cluster.plane, source),
  });
  let mounted: ReadonlyMap<string, string> = new Map();

  async function updateWhen(isThere: (documents: ReadonlyMap<string, string>) => void): Promise<number> {
    mounted = await eventually(async () => {
      const documents = await documentTextsIn(cluster, NAMESPACE);
      isThere(documents);
      return documents;
    }, PATIENCE);
    return update(mount);
  }

  return {
    untilIn: (count) => updateWhen((documents) => expect(documents.size).toBe(count)),
    untilChanged: (dagId) =>
      updateWhen((documents) => expect(documents.get(dagId)).not.toBe(mounted.get(dagId))),
    stop: () => mount.stop(),
  };
}

async function update(mount: KubeletMount): Promise<number> {
  await mount.sync();
  return Date.now();
}
