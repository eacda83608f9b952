import { afterEach, expect, test } from 'vitest';
import { startAirflow } from '../airflow/airflow.ts';
import { GENERATIONS } from '../airflow/generations.ts';
import { type Cluster, startCluster } from '../harness/cluster.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { clientManifest, namespaceManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import { createPlantedSecrets, everythingPublic } from '../harness/plantedSecrets.ts';
import { addShop } from '../harness/shopDatabase.ts';
import { startOpenMetadata } from '../openmetadata/standIn.ts';
import { eventually } from '../support/eventually.ts';
import { terminalProgress } from '../support/progress.ts';

const PATIENCE = { timeoutMs: 120_000, intervalMs: 250 };
const KEY = 'shop/orders';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).toReversed()) {
    await cleanUp();
  }
});

test.each(Object.values(GENERATIONS))(
  'on a real Airflow $airflow a declared pipeline becomes Ready, runs on request, brings its tables, and goes again',
  async (generation) => {
    const secrets = createPlantedSecrets();
    const token = secrets.plant('token');
    const openMetadata = await startOpenMetadata({ version: generation.openMetadata, token });
    cleanups.push(() => openMetadata.stop());
    const cluster = await startCluster();
    cleanups.push(() => cluster.stop());
    addShop(openMetadata, cluster.plane.directory);
    const airflow = await startAirflow(generation, { progress: terminalProgress() });
    cleanups.push(() => airflow.stop());
    const operator = await cluster.startOperator();
    const namespace = 'shop';
    await cluster.apply(
      namespaceManifest(namespace),
      secretManifest({ namespace, name: 'credentials' }, { password: airflow.password, token }),
      clientManifest(
        { namespace, name: 'airflow' },
        { airflowUrl: airflow.url, openMetadataUrl: openMetadata.url, username: airflow.username },
      ),
    );
    await eventually(async () => {
      expect(conditionOf(await cluster.client('shop/airflow'), 'Ready')).toMatchObject({ status: 'True' });
    }, PATIENCE);

    const applied = Date.now();
    await cluster.apply(pipelineManifest({ namespace, name: 'orders' }));
    await eventually(async () => expectReady(await cluster.pipeline(KEY)), PATIENCE);
    const ready = Date.now();
    await requestRun(cluster);
    await eventually(async () => {
      expect((await cluster.pipeline(KEY)).status?.lastRun).toMatchObject({ trigger: 'manual' });
    }, PATIENCE);
    const seen = Date.now();
    await eventually(async () => {
      expect(conditionOf(await cluster.pipeline(KEY), 'LastRunSucceeded')).toMatchObject({ status: 'True' });
    }, PATIENCE);
    const { status } = await cluster.pipeline(KEY);
    report(generation.airflow, {
      'apply → Ready': ready - applied,
      'trigger → run on the resource': seen - ready,
      'end of the run → on the resource': Date.now() - Date.parse(status?.lastRun?.endTime ?? ''),
    });

    const tables = openMetadata.entities('tables').map(({ fullyQualifiedName }) => fullyQualifiedName);
    expect(tables.toSorted()).toEqual(['shop.shop.main.customers', 'shop.shop.main.orders']);
    expect(openMetadata.pipelineStatuses('shop.shop_orders').at(-1)).toMatchObject({
      pipelineState: 'success',
    });
    expect(status).toMatchObject({ consecutiveFailures: 0, recentRuns: [{ state: 'success' }] });

    await cluster.kubectl('delete', 'ingestionpipeline', '--namespace=shop', 'orders', '--timeout=60s');
    expect((await airflow.cli(['dags', 'details', 'shop_orders'])).exitCode).not.toBe(0);
    expect(secrets.findLeaks(await everythingPublic(cluster, [operator]))).toEqual([]);
  },
);

async function requestRun(cluster: Cluster): Promise<void> {
  const annotation = 'ingestion.open-metadata.org/run-requested-at=now';
  await cluster.kubectl('annotate', 'ingestionpipeline', '--namespace=shop', 'orders', annotation);
}

function report(airflow: string, figures: Readonly<Record<string, number>>): void {
  const texts = Object.entries(figures).map(
    ([what, milliseconds]) => `${what} ${(milliseconds / 1000).toFixed(1)} s`,
  );
  process.stderr.write(`Airflow ${airflow}: ${texts.join('; ')}\n`);
}
