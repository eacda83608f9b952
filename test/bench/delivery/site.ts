import { expect } from 'vitest';
import type { PipelineServiceClientSpec } from '../../../src/api/pipelineServiceClient.ts';
import { type RunningAirflow, startAirflow } from '../../airflow/airflow.ts';
import { GENERATIONS } from '../../airflow/generations.ts';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { conditionOf } from '../../harness/expectations.ts';
import { clientManifest, namespaceManifest, secretManifest } from '../../harness/manifests.ts';
import { addShop } from '../../harness/shopDatabase.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../openmetadata/standIn.ts';
import { eventually } from '../../support/eventually.ts';
import { terminalProgress } from '../../support/progress.ts';
import { temporaryDirectory } from '../../support/temporaryDirectory.ts';
import { type WatchedFleet, watchFleet } from './watchFleet.ts';

/** Where the client and all pipelines are. */
export const NAMESPACE = 'bench';
const TOKEN = 'bench-token';
const TOKEN_VARIABLE = 'OPENMETADATA_JWT_TOKEN';

/** A real control plane with the operator, a real Airflow, and the stand-in for OpenMetadata with the service `shop`. */
export interface Site {
  readonly cluster: Cluster;
  readonly airflow: RunningAirflow;
  readonly openMetadata: OpenMetadataStandIn;
  readonly fleet: WatchedFleet;
  stop(): Promise<void>;
}

/** With a client that is Ready. Airflow and the operator run with their usual settings, but for the pace of deploys. */
export async function startSite(changes: Partial<PipelineServiceClientSpec>): Promise<Site> {
  const generation = GENERATIONS['3.3.0'];
  const directory = temporaryDirectory('bench');
  const openMetadata = await startOpenMetadata({ version: generation.openMetadata, token: TOKEN });
  addShop(openMetadata, directory.path);
  const [cluster, airflow] = await Promise.all([
    startCluster(),
    startAirflow(generation, { environment: { [TOKEN_VARIABLE]: TOKEN }, progress: terminalProgress() }),
  ]);
  const stopped = new AbortController();
  async function stop(): Promise<void> {
    stopped.abort();
    await cluster.stop();
    await airflow.stop();
    await openMetadata.stop();
    directory.remove();
  }
  await cluster.startOperator();
  const servers = { airflowUrl: airflow.url, openMetadataUrl: openMetadata.url, username: airflow.username };
  await cluster.apply(
    namespaceManifest(NAMESPACE),
    secretManifest({ namespace: NAMESPACE, name: 'credentials' }, { password: airflow.password }),
    clientManifest({ namespace: NAMESPACE, name: 'airflow' }, servers, {
      openMetadata: { jwtTokenEnv: TOKEN_VARIABLE },
      ...changes,
    }),
  );
  await eventually(
    async () => {
      const client = await cluster.client(`${NAMESPACE}/airflow`);
      expect(conditionOf(client, 'Ready')).toMatchObject({ status: 'True' });
    },
    { timeoutMs: 120_000, intervalMs: 500 },
  );
  const fleet = watchFleet(
    { kubeconfig: cluster.plane.adminKubeconfig, namespace: NAMESPACE },
    stopped.signal,
  );
  return { cluster, airflow, openMetadata, fleet, stop };
}

export function dagIdOf(name: string): string {
  return `${NAMESPACE}_${name}`;
}
