import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GENERATIONS } from '../airflow/generations.ts';
import { airflowContract } from '../contract/airflowContract.ts';
import { type Cluster, startCluster } from '../harness/cluster.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { clientManifest, namespaceManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { createPlantedSecrets, everythingPublic } from '../harness/plantedSecrets.ts';
import { type RealAirflow, startRealAirflow } from '../harness/realAirflow.ts';
import { eventually } from '../support/eventually.ts';

const PATIENCE = { timeoutMs: 120_000, intervalMs: 250 };
const namespace = 'shop';
const KEY = 'shop/orders';

describe.each(Object.values(GENERATIONS))('a real Airflow $airflow', (generation) => {
  const secrets = createPlantedSecrets();
  const token = secrets.plant('token');
  let real: RealAirflow;
  let cluster: Cluster;
  let operator: OperatorProcess;

  beforeAll(async () => {
    [real, cluster] = await Promise.all([startRealAirflow(generation, token), startCluster()]);
    operator = await cluster.startOperator();
    const { url, username, password, openMetadata } = real.subject;
    await cluster.apply(
      namespaceManifest(namespace),
      secretManifest({ namespace, name: 'credentials' }, { password, token }),
      clientManifest(
        { namespace, name: 'airflow' },
        { airflowUrl: url, openMetadataUrl: openMetadata.url, username },
      ),
    );
  });

  afterAll(async () => {
    await cluster?.stop();
    await real?.stop();
  });

  test('is found well by its client', async () => {
    await eventually(async () => {
      const client = await cluster.client('shop/airflow');
      expect(conditionOf(client, 'Ready')).toMatchObject({ status: 'True' });
      expect(client.status?.airflow).toMatchObject({ version: generation.airflow, coreApi: 'Available' });
    }, PATIENCE);
  });

  test('gets a declared pipeline, runs it on request, brings its tables, and loses it again', async () => {
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

    const { openMetadata } = real.subject;
    const tables = openMetadata.entities('tables').map(({ fullyQualifiedName }) => fullyQualifiedName);
    expect(tables.toSorted()).toEqual(['shop.shop.main.customers', 'shop.shop.main.orders']);
    expect(openMetadata.pipelineStatuses('shop.shop_orders').at(-1)).toMatchObject({
      pipelineState: 'success',
    });
    expect(status).toMatchObject({ consecutiveFailures: 0, recentRuns: [{ state: 'success' }] });

    await cluster.kubectl('delete', 'ingestionpipeline', '--namespace=shop', 'orders', '--timeout=60s');
    expect((await real.airflow.cli(['dags', 'details', 'shop_orders'])).exitCode).not.toBe(0);
  });

  test('has seen no secret shown by the operator', async () => {
    expect(secrets.findLeaks(await everythingPublic(cluster, [operator]))).toEqual([]);
  });

  describe('behind its door', () => {
    test.each(airflowContract)('$sentence', ({ run }) => run(real.subject));
  });
});

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
