import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { clientManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { everythingPublic } from '../harness/plantedSecrets.ts';
import { eventually } from '../support/eventually.ts';

const PATIENCE = { timeoutMs: 30_000, intervalMs: 200 };

let world: FakeWorld;
let operator: OperatorProcess;

beforeAll(async () => {
  world = await startFakeWorld({ generation: '2.10.5', registrationDelayMilliseconds: 300 });
  const { airflow, openMetadata } = world;
  openMetadata.setPipelineService({ platform: 'Airflow', deletePipeline: airflow.deleteByHand });
  operator = await world.cluster.startOperator({ 'active-poll-seconds': '1', 'idle-poll-seconds': '2' });
});

afterAll(async () => {
  await world?.stop();
});

function shownEntities(): Readonly<Record<string, unknown>>[] {
  return [...world.openMetadata.entities('ingestionPipelines')];
}

async function declareClient(namespace: string, register: boolean): Promise<void> {
  const { servers, cluster } = world;
  const jwtToken = { secretRef: 'credentials', secretKey: 'token' };
  const changes: Partial<PipelineServiceClientSpec> = { openMetadata: { jwtToken, register } };
  await cluster.apply(clientManifest({ namespace, name: 'airflow' }, servers, changes));
}

async function expectRegistered(key: string, status: string, reason: string): Promise<void> {
  await eventually(async () => {
    const pipeline = await world.cluster.pipeline(key);
    expectReady(pipeline);
    expect(conditionOf(pipeline, 'Registered')).toMatchObject({ status, reason });
  }, PATIENCE);
}

describe('a pipeline that OpenMetadata shows', () => {
  test('is there with its schedule, follows a change, and goes with the pipeline', async () => {
    const { cluster, airflow, secrets } = world;
    const namespace = 'shown';
    await world.createNamespace(namespace);
    await declareClient(namespace, true);
    const spec = {
      pipelineType: 'usage',
      sourceConfig: { config: { type: 'DatabaseUsage' } },
      valuesFrom: [{ targetPath: 'config.queryLogFilePath', secretKeyRef: { name: 'log', key: 'path' } }],
      airflowConfig: { scheduleInterval: '0 3 * * *' },
    };
    await cluster.apply(
      secretManifest({ namespace, name: 'log' }, { path: secrets.plant('path') }),
      pipelineManifest({ namespace, name: 'orders' }, spec),
    );

    await expectRegistered('shown/orders', 'True', 'Registered');
    expect(shownEntities()).toMatchObject([
      {
        fullyQualifiedName: 'shop.shown_orders',
        provider: 'automation',
        description: expect.stringContaining('[ingestion.open-metadata.org default/shown/orders '),
        airflowConfig: { scheduleInterval: '0 3 * * *' },
        sourceConfig: { config: { type: 'DatabaseUsage' } },
      },
    ]);

    await cluster.apply(
      pipelineManifest(
        { namespace, name: 'orders' },
        { ...spec, description: 'Usage.', airflowConfig: { scheduleInterval: '0 4 * * *' } },
      ),
    );
    await eventually(() => {
      expect(shownEntities()).toMatchObject([
        {
          airflowConfig: { scheduleInterval: '0 4 * * *' },
          description: expect.stringMatching(/^Usage\. \[/),
        },
      ]);
    }, PATIENCE);

    await cluster.kubectl('delete', 'ingestionpipeline', '--namespace=shown', 'orders', '--timeout=30s');
    expect(shownEntities()).toEqual([]);
    expect(airflow.dag('shown_orders')).toBeUndefined();
  });

  test('is deployed again after the client asks for it no more, as OpenMetadata deletes its DAG', async () => {
    const { cluster, airflow } = world;
    const namespace = 'unshown';
    await world.createNamespace(namespace);
    await declareClient(namespace, true);
    await cluster.apply(pipelineManifest({ namespace, name: 'orders' }));
    await expectRegistered('unshown/orders', 'True', 'Registered');

    await declareClient(namespace, false);

    await eventually(async () => {
      const pipeline = await cluster.pipeline('unshown/orders');
      expect(conditionOf(pipeline, 'Registered')).toBeUndefined();
      expect(pipeline.status?.registered).toBeUndefined();
      expectReady(pipeline);
      expect(airflow.dag('unshown_orders')).toMatchObject({ isPaused: false });
    }, PATIENCE);
    expect(shownEntities()).toEqual([]);
    expect(airflow.deploys('unshown_orders')).toHaveLength(2);
  });

  test('is deployed and deleted also where the bot may not show it', async () => {
    const { cluster, openMetadata } = world;
    const namespace = 'denied';
    await world.createNamespace(namespace);
    await declareClient(namespace, true);
    openMetadata.forbid('PUT services/ingestionPipelines', 'DELETE services/ingestionPipelines');
    await cluster.apply(pipelineManifest({ namespace, name: 'orders' }));

    await expectRegistered('denied/orders', 'False', 'PermissionDenied');
    openMetadata.forbid('DELETE services/ingestionPipelines');
    await cluster.kubectl(
      'annotate',
      'ingestionpipeline',
      '--namespace=denied',
      'orders',
      'ingestion.open-metadata.org/requested-at=now',
    );
    await expectRegistered('denied/orders', 'True', 'Registered');

    await cluster.kubectl('delete', 'ingestionpipeline', '--namespace=denied', 'orders', '--timeout=30s');
    openMetadata.forbid();
    expect(shownEntities()).toMatchObject([{ fullyQualifiedName: 'shop.denied_orders' }]);
    await eventually(async () => {
      expect(await cluster.events()).toContainEqual(
        expect.objectContaining({
          type: 'Warning',
          reason: 'PermissionDenied',
          note: expect.stringContaining('delete it there'),
        }),
      );
    }, PATIENCE);
  });

  test('has told nobody a secret', async () => {
    const { cluster, secrets, openMetadata } = world;
    const texts = await everythingPublic(cluster, [operator]);
    texts.set('OpenMetadata', JSON.stringify([shownEntities(), openMetadata.requests]));

    expect(secrets.findLeaks(texts)).toEqual([]);
  });
});

test('a client without managed APIs says so when OpenMetadata runs its pipelines on Kubernetes', async () => {
  const { cluster, openMetadata, servers } = world;
  const namespace = 'backend';
  await world.createNamespace(namespace);
  openMetadata.setPipelineService({ platform: 'Kubernetes', deletePipeline: () => {} });
  openMetadata.setVersion('1.12.0');
  const elsewhere = await startEmptyServer();
  const airflowUrl = elsewhere.url;
  await cluster.apply(clientManifest({ namespace, name: 'elsewhere' }, { ...servers, airflowUrl }));

  await eventually(async () => {
    const client = await cluster.client('backend/elsewhere');
    expect(conditionOf(client, 'Reachable')).toMatchObject({
      status: 'False',
      reason: 'UnsupportedBackend',
      message: expect.stringContaining('runs its pipelines on Kubernetes'),
    });
  }, PATIENCE);
  elsewhere.stop();
});

/** A server that has nothing. */
async function startEmptyServer(): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((_, response) => response.writeHead(404).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
