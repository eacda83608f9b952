import { join } from 'node:path';
import type { Dag } from '../../src/domain/dag.ts';
import type { Generation } from '../airflow/generations.ts';
import { withAirflow } from '../contract/subject.ts';
import type { Cluster } from './cluster.ts';
import { type KubeletMount, mountFiles } from './kubeletMount.ts';
import { type RealAirflow, startRealAirflow } from './realAirflow.ts';
import { readShards } from './shards.ts';

/** More than any client of the tests has, as in a volume that is prepared for growth. */
const SHARDS = 4;
/** Shorter than Airflow's own, so that what is removed is soon stale. Both generations take what is theirs. */
const QUICK_PARSING = {
  AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL: '10',
  AIRFLOW__SCHEDULER__STALE_DAG_THRESHOLD: '15',
  AIRFLOW__SCHEDULER__PARSING_CLEANUP_INTERVAL: '5',
  AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '10',
  AIRFLOW__DAG_PROCESSOR__STALE_DAG_THRESHOLD: '15',
};
/** Where Airflow finds the token that the documents leave out. */
export const TOKEN_VARIABLE = 'OPENMETADATA_JWT_TOKEN';

/** A real Airflow with the documents of a namespace mounted, once they are; it has the token in its environment. */
export interface MountedAirflow extends RealAirflow {
  /** Mounts the shards of this namespace and keeps the directory up to date. */
  mount(cluster: Cluster, namespace: string): Promise<void>;
  dag(dagId: string): Promise<Dag | undefined>;
}

export async function startMountedAirflow(generation: Generation, token: string): Promise<MountedAirflow> {
  const environment = { ...QUICK_PARSING, [TOKEN_VARIABLE]: token };
  const real = await startRealAirflow(generation, token, { environment });
  const mounts: KubeletMount[] = [];
  return {
    ...real,
    async mount(cluster, namespace) {
      const mounted = await mountFiles({
        directory: join(real.airflow.dagsFolder, 'dag_generated_configs'),
        read: () => readShards(cluster.plane, { namespace, name: 'dag-generated-configs', shards: SHARDS }),
        intervalMs: 1_000,
      });
      mounts.push(mounted);
    },
    dag: (dagId) => withAirflow(real.subject, (airflow, signal) => airflow.getDag(dagId, signal)),
    async stop() {
      await Promise.all(mounts.map((mounted) => mounted.stop()));
      await real.stop();
    },
  };
}
