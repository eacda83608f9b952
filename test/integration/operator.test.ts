import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { clientManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { everythingPublic } from '../harness/plantedSecrets.ts';
import { eventually } from '../support/eventually.ts';

const PATIENCE = { timeoutMs: 30_000, intervalMs: 200 };
const Document = z.object({
  description: z.string(),
  openMetadataServerConnection: z.object({ securityConfig: z.object({ jwtToken: z.string() }) }),
  sourceConfig: z.object({ config: z.record(z.string(), z.unknown()) }),
});

let world: FakeWorld;
let operator: OperatorProcess;

beforeAll(async () => {
  world = await startFakeWorld({
    generation: '2.10.5',
    registrationDelayMilliseconds: 300,
    latencyMilliseconds: 5,
  });
  operator = await world.cluster.startOperator({ 'secret-refresh-seconds': '2', 'active-poll-seconds': '1' });
});

afterAll(async () => {
  await world?.stop();
});

describe('a pipeline', () => {
  test('is rendered, deployed, enabled, run on request, and removed', async () => {
    const { cluster, airflow } = world;
    const key = 'life/orders';
    await world.createNamespace('life');
    await cluster.apply(pipelineManifest({ namespace: 'life', name: 'orders' }));

    await eventually(async () => expectReady(await cluster.pipeline(key)), PATIENCE);
    expect(airflow.dag('life_orders')).toMatchObject({ isPaused: false });
    expect(airflow.runs('life_orders')).toEqual([]);

    const request = 'ingestion.open-metadata.org/run-requested-at=now';
    await cluster.kubectl('annotate', 'ingestionpipeline', '--namespace=life', 'orders', request);
    await eventually(async () => {
      const { status } = await cluster.pipeline(key);
      expect(status).toMatchObject({ lastRun: { state: 'success' }, lastHandledRunRequest: 'now' });
    }, PATIENCE);
    expect(airflow.runs('life_orders')).toHaveLength(1);

    await cluster.kubectl('delete', 'ingestionpipeline', '--namespace=life', 'orders', '--timeout=30s');
    expect(airflow.dag('life_orders')).toBeUndefined();
    expect(airflow.files()).not.toContain('life_orders.json');
    expect(JSON.parse(await documentsOf('life'))).toEqual([]);
  });

  test('gets its secrets in the deploy, and the ConfigMap does not', async () => {
    const { cluster, airflow, secrets, token } = world;
    const secret = secrets.plant('dbt');
    await world.createNamespace('dbt');
    await cluster.apply(
      secretManifest({ namespace: 'dbt', name: 'dbt-cloud' }, { token: secret }),
      pipelineManifest(
        { namespace: 'dbt', name: 'orders' },
        {
          pipelineType: 'dbt',
          sourceConfig: {
            config: {
              type: 'DBT',
              dbtConfigSource: {
                dbtConfigType: 'cloud',
                dbtCloudAccountId: '1',
                dbtCloudUrl: 'https://cloud.getdbt.com',
              },
            },
          },
          valuesFrom: [
            {
              targetPath: 'config.dbtConfigSource.dbtCloudAuthToken',
              secretKeyRef: { name: 'dbt-cloud', key: 'token' },
              env: 'DBT_CLOUD_TOKEN',
            },
          ],
        },
      ),
    );

    await eventually(async () => expectReady(await cluster.pipeline('dbt/orders')), PATIENCE);
    const deployed = Document.parse(JSON.parse(airflow.file('dbt_orders.json') ?? ''));
    expect(deployed.sourceConfig.config['dbtConfigSource']).toMatchObject({ dbtCloudAuthToken: secret });
    expect(deployed.openMetadataServerConnection.securityConfig.jwtToken).toBe(token);
    const [text = ''] = z.array(z.string()).parse(JSON.parse(await documentsOf('dbt')));
    const published = Document.parse(JSON.parse(text));
    expect(published.openMetadataServerConnection.securityConfig.jwtToken).toBe('${OPENMETADATA_JWT_TOKEN}');
    expect(published.sourceConfig.config['dbtConfigSource']).toMatchObject({
      dbtCloudAuthToken: '${DBT_CLOUD_TOKEN}',
    });
    expect(published.description).toBe(deployed.description);
  });

  test('is deployed again when its secret is rotated, and only then', async () => {
    const { cluster, airflow, secrets } = world;
    await world.createNamespace('rotate');
    await cluster.apply(pipelineManifest({ namespace: 'rotate', name: 'orders' }));
    await eventually(async () => expectReady(await cluster.pipeline('rotate/orders')), PATIENCE);
    const before = await cluster.pipeline('rotate/orders');

    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect((await cluster.pipeline('rotate/orders')).metadata.resourceVersion).toBe(
      before.metadata.resourceVersion,
    );
    expect(airflow.deploys('rotate_orders')).toHaveLength(1);

    await cluster.apply(
      pipelineManifest(
        { namespace: 'rotate', name: 'orders' },
        {
          pipelineType: 'usage',
          sourceConfig: { config: { type: 'DatabaseUsage' } },
          valuesFrom: [
            { targetPath: 'config.queryLogFilePath', secretKeyRef: { name: 'rotated', key: 'value' } },
          ],
        },
      ),
      secretManifest({ namespace: 'rotate', name: 'rotated' }, { value: secrets.plant('first') }),
    );
    await eventually(() => expect(airflow.deploys('rotate_orders')).toHaveLength(2), PATIENCE);
    const second = secrets.plant('second');
    await cluster.apply(secretManifest({ namespace: 'rotate', name: 'rotated' }, { value: second }));
    await eventually(() => {
      expect(airflow.deploys('rotate_orders')).toHaveLength(3);
      expect(airflow.file('rotate_orders.json')).toContain(second);
    }, PATIENCE);
  });

  test('is paused in Airflow while it is suspended, and nothing else changes there', async () => {
    const { cluster, airflow } = world;
    await world.createNamespace('suspend');
    await cluster.apply(pipelineManifest({ namespace: 'suspend', name: 'orders' }, { suspend: true }));

    await eventually(async () => {
      const pipeline = await cluster.pipeline('suspend/orders');
      expect(conditionOf(pipeline, 'Ready')).toMatchObject({ status: 'True', reason: 'Suspended' });
    }, PATIENCE);
    expect(airflow.dag('suspend_orders')).toMatchObject({ isPaused: true });

    await cluster.apply(pipelineManifest({ namespace: 'suspend', name: 'orders' }, { suspend: false }));
    await eventually(
      () => expect(airflow.dag('suspend_orders')).toMatchObject({ isPaused: false }),
      PATIENCE,
    );
    expect(airflow.deploys('suspend_orders')).toHaveLength(1);
  });

  test('stays behind in Airflow when it is orphaned', async () => {
    const { cluster, airflow } = world;
    await world.createNamespace('orphan');
    await cluster.apply(
      pipelineManifest({ namespace: 'orphan', name: 'orders' }, { deletionPolicy: 'Orphan' }),
    );
    await eventually(async () => expectReady(await cluster.pipeline('orphan/orders')), PATIENCE);

    await cluster.kubectl('delete', 'ingestionpipeline', '--namespace=orphan', 'orders', '--timeout=30s');

    expect(airflow.dag('orphan_orders')).toMatchObject({ isPaused: false });
    expect(JSON.parse(await documentsOf('orphan'))).toEqual([]);
  });
});

describe('what is declared wrongly', () => {
  test.each([
    ['an unknown field', { sourceConfgi: {} }, 'unknown field "spec.sourceConfgi"'],
    ['a schedule that is none', { airflowConfig: { scheduleInterval: 'daily' } }, 'scheduleInterval'],
  ])(
    '%s is refused by the API server, which names the field',
    async (_, changes: Readonly<Record<string, unknown>>, complaint) => {
      const manifest = pipelineManifest({ namespace: 'default', name: 'wrong' }, changes);

      await expect(world.cluster.apply(manifest)).rejects.toThrow(complaint);
    },
  );

  test('a missing secret, then a missing key, are told until both are there', async () => {
    const { cluster } = world;
    await world.createNamespace('secretless');
    await cluster.apply(
      pipelineManifest(
        { namespace: 'secretless', name: 'orders' },
        {
          pipelineType: 'usage',
          sourceConfig: { config: { type: 'DatabaseUsage' } },
          valuesFrom: [
            { targetPath: 'config.queryLogFilePath', secretKeyRef: { name: 'later', key: 'path' } },
          ],
        },
      ),
    );
    await expectFault(
      'secretless/orders',
      'SecretNotFound',
      /Secret secretless\/later.*does not exist: create it/,
    );

    await cluster.apply(secretManifest({ namespace: 'secretless', name: 'later' }, { other: 'x' }));
    await expectFault('secretless/orders', 'SecretKeyNotFound', /has no key "path".*add the key/);

    await cluster.apply(secretManifest({ namespace: 'secretless', name: 'later' }, { path: '/some/file' }));
    await eventually(async () => expectReady(await cluster.pipeline('secretless/orders')), PATIENCE);
  });

  test('a missing client is told until it is there', async () => {
    const { cluster } = world;
    await world.createNamespace('clientless');
    await cluster.apply(
      pipelineManifest({ namespace: 'clientless', name: 'orders' }, { clientRef: { name: 'later' } }),
    );
    await expectFault('clientless/orders', 'ClientNotFound', /clientless\/later does not exist: create it/);

    await cluster.apply(clientManifest({ namespace: 'clientless', name: 'later' }, world.servers));
    await eventually(async () => expectReady(await cluster.pipeline('clientless/orders')), PATIENCE);
  });

  test('an option that this OpenMetadata does not know stalls the pipeline, with the name of the one that was meant', async () => {
    const { cluster, airflow } = world;
    const config = { type: 'DatabaseMetadata', tableFilterPatern: { includes: ['orders'] } };
    await world.createNamespace('misspelt');
    await cluster.apply(
      pipelineManifest({ namespace: 'misspelt', name: 'orders' }, { sourceConfig: { config } }),
    );

    await eventually(async () => {
      const pipeline = await cluster.pipeline('misspelt/orders');
      expect(conditionOf(pipeline, 'Validated')).toMatchObject({
        status: 'False',
        reason: 'InvalidSourceConfig',
      });
      expect(conditionOf(pipeline, 'Validated')?.message).toMatch(
        /tableFilterPatern.*did you mean tableFilterPattern/,
      );
    }, PATIENCE);
    expect(airflow.deploys('misspelt_orders')).toEqual([]);
  });

  test('a service that OpenMetadata does not have stalls the pipeline, and nothing is deployed', async () => {
    const { cluster, airflow, openMetadata } = world;
    await world.createNamespace('serviceless');
    const service = { type: 'databaseService', name: 'later' } as const;
    await cluster.apply(pipelineManifest({ namespace: 'serviceless', name: 'orders' }, { service }));

    await eventually(async () => {
      const pipeline = await cluster.pipeline('serviceless/orders');
      expect(conditionOf(pipeline, 'Deployed')).toMatchObject({ status: 'False', reason: 'ServiceNotFound' });
      expect(conditionOf(pipeline, 'Stalled')).toMatchObject({ status: 'True' });
      expect(conditionOf(pipeline, 'Deployed')?.message).toMatch(
        /has no databaseService named "later": create/,
      );
    }, PATIENCE);
    expect(airflow.deploys('serviceless_orders')).toEqual([]);

    openMetadata.addService('databaseServices', { name: 'later', serviceType: 'SQLite' });
    const now = 'ingestion.open-metadata.org/requested-at=now';
    await cluster.kubectl('annotate', 'ingestionpipeline', '--namespace=serviceless', 'orders', now);
    await eventually(async () => expectReady(await cluster.pipeline('serviceless/orders')), PATIENCE);
  });

  test.each([
    [
      'a wrong password',
      'wrongpassword',
      { password: 'not-it' },
      {},
      'Authenticated',
      'InvalidCredentials',
      /password/,
    ],
    [
      'a wrong token',
      'wrongtoken',
      { token: 'not-it' },
      {},
      'OpenMetadataReachable',
      'TokenRejected',
      /token/i,
    ],
    [
      'an address where nothing listens',
      'wrongaddress',
      {},
      { apiEndpoint: 'http://127.0.0.1:9' },
      'Reachable',
      'ConnectionRefused',
      /apiEndpoint|127\.0\.0\.1:9/,
    ],
  ])(
    '%s is told on the client, and a pipeline that was deployed stays',
    async (_, namespace, data, changes, type, reason, message) => {
      const { cluster, airflow, servers } = world;
      await world.createNamespace(namespace);
      await cluster.apply(pipelineManifest({ namespace, name: 'orders' }));
      await eventually(async () => expectReady(await cluster.pipeline(`${namespace}/orders`)), PATIENCE);
      const good = { password: airflow.password, token: world.token };

      await cluster.apply(
        secretManifest({ namespace, name: 'credentials' }, { ...good, ...data }),
        clientManifest({ namespace, name: 'airflow' }, servers, changes),
      );
      await eventually(async () => {
        const client = await cluster.client(`${namespace}/airflow`);
        expect(conditionOf(client, type)).toMatchObject({ status: 'False', reason });
        expect(conditionOf(client, type)?.message).toMatch(message);
        expect(conditionOf(client, 'Ready')).toMatchObject({ status: 'False' });
      }, PATIENCE);
      expect(airflow.dag(`${namespace}_orders`)).toMatchObject({ isPaused: false });

      await cluster.apply(
        secretManifest({ namespace, name: 'credentials' }, good),
        clientManifest({ namespace, name: 'airflow' }, servers),
      );
      await eventually(async () => {
        expect(conditionOf(await cluster.client(`${namespace}/airflow`), 'Ready')).toMatchObject({
          status: 'True',
        });
        expectReady(await cluster.pipeline(`${namespace}/orders`));
      }, PATIENCE);
      expect(airflow.deploys(`${namespace}_orders`).length).toBeLessThanOrEqual(1);
    },
  );
});

describe('the operator', () => {
  test('lets a whole namespace go, client and pipelines at once', async () => {
    const { cluster, airflow } = world;
    await world.createNamespace('gone');
    const names = ['a', 'b', 'c'];
    await cluster.apply(...names.map((name) => pipelineManifest({ namespace: 'gone', name })));
    await eventually(async () => {
      for (const name of names) {
        expectReady(await cluster.pipeline(`gone/${name}`));
      }
    }, PATIENCE);

    await cluster.kubectl('delete', 'namespace', 'gone', '--timeout=60s');

    expect(airflow.dags().filter(({ dagId }) => dagId.startsWith('gone_'))).toEqual([]);
  });

  test('has needed no right that it was not given, and shown no secret', async () => {
    const leaks = world.secrets.findLeaks(await everythingPublic(world.cluster, [operator]));

    expect(leaks).toEqual([]);
    expect(world.cluster.logs().join('')).not.toMatch(/forbidden/i);
  });
});

async function expectFault(key: string, reason: string, message: RegExp): Promise<void> {
  await eventually(async () => {
    const ready = conditionOf(await world.cluster.pipeline(key), 'Ready');
    expect(ready).toMatchObject({ status: 'False', reason });
    expect(ready?.message).toMatch(message);
  }, PATIENCE);
}

/** The documents in the ConfigMaps of a namespace, as a JSON list of texts. */
async function documentsOf(namespace: string): Promise<string> {
  const label = 'app.kubernetes.io/component=pipeline-documents';
  const ConfigMaps = z.object({
    items: z.array(z.object({ data: z.record(z.string(), z.string()).default({}) })),
  });
  const json = await world.cluster.kubectl(
    'get',
    'configmaps',
    `--namespace=${namespace}`,
    '-l',
    label,
    '-o=json',
  );
  const entries = ConfigMaps.parse(JSON.parse(json)).items.flatMap(({ data }) => Object.entries(data));
  return JSON.stringify(entries.flatMap(([key, text]) => (key.endsWith('.json') ? [text] : [])));
}
