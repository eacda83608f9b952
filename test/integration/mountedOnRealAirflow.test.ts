import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANNOTATIONS } from '../../src/api/group.ts';
import type { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';
import type { Dag } from '../../src/domain/dag.ts';
import { GENERATIONS } from '../airflow/generations.ts';
import { withAirflow } from '../contract/subject.ts';
import { type Cluster, startCluster } from '../harness/cluster.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { clientManifest, namespaceManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import { type MountedAirflow, startMountedAirflow, TOKEN_VARIABLE } from '../harness/mountedAirflow.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { createPlantedSecrets, everythingPublic } from '../harness/plantedSecrets.ts';
import { eventually } from '../support/eventually.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE = { timeoutMs: 240_000, intervalMs: 500 };
const namespace = 'shop';
const LOADER = /\/dag_generated_configs\/loader-\d\d\.py$/;
const RUNS = 'services/ingestionPipelines';

describe.each([GENERATIONS['2.10.5'], GENERATIONS['3.3.0']])(
  'documents mounted into a real Airflow $airflow',
  { timeout: 600_000 },
  (generation) => {
    const secrets = createPlantedSecrets();
    const token = secrets.plant('token');
    let real: MountedAirflow;
    let cluster: Cluster;
    let operator: OperatorProcess;

    beforeAll(async () => {
      [real, cluster] = await Promise.all([startMountedAirflow(generation, token), startCluster()]);
      const flags = { 'active-poll-seconds': '2', 'idle-poll-seconds': '3' };
      operator = await cluster.startOperator(flags);
      await cluster.apply(
        namespaceManifest(namespace),
        secretManifest({ namespace, name: 'credentials' }, { password: real.subject.password }),
        secretManifest({ namespace, name: 'dbt' }, { key: secrets.plant('dbt') }),
      );
      await letOperatorWriteSecrets();
      await applyClient({});
      await real.mount(cluster, namespace);
    });

    afterAll(async () => {
      await cluster?.stop();
      await real?.stop();
    });

    describe.concurrent('delivery by ConfigMap', () => {
      test('a declared pipeline is enabled, runs on request and keeps running after an edit', async () => {
        const key = await declare('orders', { airflowConfig: { scheduleInterval: '0 3 * * *' } });
        const first = await enabledDag('shop_orders');
        expect(first.fileLocation).toMatch(LOADER);

        await run(key, 'first');
        await untilRunsAre(key, ['success']);
        expect(conditionOf(await cluster.pipeline(key), 'LastRunSucceeded')).toMatchObject({
          status: 'True',
        });

        await declare('orders', { airflowConfig: { scheduleInterval: '0 4 * * *' } });
        const second = await enabledDag('shop_orders');
        expect(second.description).not.toBe(first.description);
        expect((await cluster.pipeline(key)).status?.recentRuns).toMatchObject([{ state: 'success' }]);
      });

      test('a pipeline with a secret is mounted from a Secret', async () => {
        const key = await declare('dbt', DBT);
        expect((await enabledDag('shop_dbt')).fileLocation).toMatch(LOADER);
        expect((await cluster.pipeline(key)).status?.deployed).toMatchObject({ delivery: 'ConfigMap' });
        expect(await cluster.kubectl('get', 'secrets', '--namespace=shop', '--output=json')).toContain(
          'shop_dbt.json',
        );
      });

      test('a suspended pipeline is paused, and goes on when it is told to', async () => {
        await declare('idle', { suspend: true });
        await eventually(async () => {
          expect(await real.dag('shop_idle')).toMatchObject({ isActive: true, isPaused: true });
        }, PATIENCE);
        await declare('idle', {});
        await enabledDag('shop_idle');
      });

      test('a deleted pipeline leaves nothing in Airflow, and others there', async () => {
        await Promise.all([declare('leaving'), declare('staying')]);
        await cluster.deletePipeline('shop/leaving');
        await eventually(async () => expect(await cluster.hasPipeline('shop/leaving')).toBe(false), PATIENCE);
        expect(await real.dag('shop_leaving')).toBeUndefined();
        await enabledDag('shop_staying');
        expectReady(await cluster.pipeline('shop/staying'));
      });

      test('a document that cannot be built says why, harms no other, and heals', async () => {
        const key = 'shop/strange';
        const service = { type: 'databaseService', name: 'strange' } as const;
        await cluster.apply(pipelineManifest({ namespace, name: 'strange' }, { service }));
        await eventually(async () => {
          expect(conditionOf(await cluster.pipeline(key), 'Deployed')).toMatchObject({
            status: 'False',
            reason: 'DagImportError',
            message: expect.stringContaining('strange'),
          });
        }, PATIENCE);
        await declare('beside');

        const shop = { serviceType: 'SQLite', connection: { config: { type: 'SQLite' } } };
        real.subject.openMetadata.addService('databaseServices', { name: 'strange', ...shop });
        await untilReady(key);
        await enabledDag('shop_strange');
      });
    });

    test('nothing was posted, and the client has seen the mount', async () => {
      expect(readFileSync(real.airflow.webLog, 'utf8')).not.toMatch(/POST \S+\/openmetadata\/deploy/);
      expect(conditionOf(await cluster.client('shop/airflow'), 'Mounted')).toMatchObject({
        status: 'True',
        reason: 'Mounted',
      });
    });

    test('another number of shards moves the documents, and Airflow has each DAG at every moment', async () => {
      const dagIds = ['shop_orders', 'shop_staying', 'shop_idle', 'shop_beside'];
      const watch = watchDags(dagIds);
      await applyClient({ configMap: { shards: 3 } });
      await eventually(async () => {
        const pipelines = await cluster.pipelines();
        pipelines.forEach(expectReady);
        const dags = await Promise.all(dagIds.map((dagId) => real.dag(dagId)));
        expect(dags.map((dag) => dag?.fileLocation.slice(-5))).toContain('02.py');
        expect(pipelines.map(({ status }) => status?.deployed?.configMap)).toContain(
          'dag-generated-configs-02',
        );
      }, PATIENCE);
      await untilEveryKeyIsSingle();
      expect(await watch.stop()).toEqual([]);
    });

    test('another delivery, and back, leaves a running run alone and keeps the schedule', async () => {
      const key = 'shop/orders';
      const nextRun = (await cluster.pipeline(key)).status?.nextRunTime;
      const earlier = await runStates(key);

      const releaseFirst = await startLongRun(key, 'during-the-first-switch');
      await applyClient({ delivery: 'ManagedAPI' });
      await untilFileIs('shop_orders', /\/dags\/shop_orders\.py$/);
      expect((await runStates(key))[0]).toBe('running');
      releaseFirst();
      await untilRunsAre(key, ['success', ...earlier]);

      const releaseSecond = await startLongRun(key, 'during-the-second-switch');
      await applyClient({ delivery: 'ConfigMap' });
      await eventually(async () => {
        const deployed = conditionOf(await cluster.pipeline(key), 'Deployed');
        expect(deployed?.message).toMatch(/when its run .+ has ended/);
      }, PATIENCE);
      expect((await runStates(key))[0]).toBe('running');
      releaseSecond();
      await untilFileIs('shop_orders', LOADER);
      await untilReady(key);

      await enabledDag('shop_orders');
      await untilRunsAre(key, ['success', 'success', ...earlier]);
      expect((await cluster.pipeline(key)).status?.nextRunTime).toBe(nextRun);
      // The plugin of Airflow 2 cannot give up its file without the rows, so only the resource remembers there.
      expect(await runsInAirflow('shop_orders')).toBe(generation.major === 3 ? earlier.length + 2 : 0);
    });

    test('no secret was shown, and none is said to have changed', async () => {
      expect((await cluster.events()).filter(({ reason }) => reason === 'SecretRotated')).toEqual([]);
      expect(secrets.findLeaks(await everythingPublic(cluster, [operator]))).toEqual([]);
    });

    async function applyClient(changes: Partial<PipelineServiceClientSpec>): Promise<void> {
      const { url, username, openMetadata } = real.subject;
      await cluster.apply(
        clientManifest(
          { namespace, name: 'airflow' },
          { airflowUrl: url, openMetadataUrl: openMetadata.url, username },
          {
            delivery: 'ConfigMap',
            configMap: { shards: 2 },
            openMetadata: { jwtTokenEnv: TOKEN_VARIABLE },
            ...changes,
          },
        ),
      );
    }

    /** As the file itself says how. */
    async function letOperatorWriteSecrets(): Promise<void> {
      const manifest = join(ROOT, 'deploy', 'secret-documents.yaml');
      await cluster.kubectl('apply', '--namespace', namespace, '--filename', manifest);
    }

    async function declare(name: string, changes: Partial<IngestionPipelineSpec> = {}): Promise<string> {
      await cluster.apply(pipelineManifest({ namespace, name }, changes));
      await untilReady(`${namespace}/${name}`);
      return `${namespace}/${name}`;
    }

    async function untilReady(key: string): Promise<void> {
      await eventually(async () => expectReady(await cluster.pipeline(key)), PATIENCE);
    }

    function enabledDag(dagId: string): Promise<Dag> {
      return eventually(async () => {
        const dag = await real.dag(dagId);
        expect(dag).toMatchObject({ isActive: true, isPaused: false });
        if (dag === undefined) throw new Error(`there is no ${dagId}`);
        return dag;
      }, PATIENCE);
    }

    async function untilFileIs(dagId: string, file: RegExp): Promise<void> {
      await eventually(async () => expect((await real.dag(dagId))?.fileLocation).toMatch(file), PATIENCE);
    }

    async function run(key: string, request: string): Promise<void> {
      await cluster.annotate(key, { [ANNOTATIONS.runRequestedAt]: request });
    }

    /** Its first report to OpenMetadata gets no answer until the function that is returned is called. */
    async function startLongRun(key: string, request: string): Promise<() => void> {
      const { openMetadata } = real.subject;
      const release = openMetadata.hold(`PUT ${RUNS}/shop.${key.replace('/', '_')}/pipelineStatus`);
      await run(key, request);
      await eventually(async () => expect((await runStates(key))[0]).toBe('running'), PATIENCE);
      return release;
    }

    async function runStates(key: string): Promise<(string | undefined)[]> {
      const runs = (await cluster.pipeline(key)).status?.recentRuns ?? [];
      return runs.map(({ state }) => state);
    }

    async function untilRunsAre(key: string, states: readonly (string | undefined)[]): Promise<void> {
      await eventually(async () => expect(await runStates(key)).toEqual(states), PATIENCE);
    }

    async function runsInAirflow(dagId: string): Promise<number> {
      const query = { dagIds: [dagId] };
      const runs = await withAirflow(real.subject, (airflow, signal) => airflow.listRuns(query, signal));
      return runs.length;
    }

    /** Each document stands in one place only, hence no former one is left. */
    async function untilEveryKeyIsSingle(): Promise<void> {
      await eventually(async () => {
        const all = await cluster.kubectl('get', 'configmaps,secrets', '--namespace=shop', '--output=json');
        const keys = [...all.matchAll(/"\d\d-(shop_[a-z]+)\.json":/g)].map(([, dagId]) => dagId);
        expect(keys).toHaveLength(new Set(keys).size);
      }, PATIENCE);
    }

    /** Looks all the time; `stop` tells which Airflow did not know, or no longer had a file of, in any look. */
    function watchDags(dagIds: readonly string[]): { stop(): Promise<string[]> } {
      const missing = new Set<string>();
      const stopped = new AbortController();
      async function watch(): Promise<void> {
        while (!stopped.signal.aborted) {
          for (const dagId of dagIds) {
            const dag = await real.dag(dagId);
            if (dag?.isActive !== true) missing.add(dagId);
          }
          await sleep(200);
        }
      }
      const watching = watch();
      return {
        async stop() {
          stopped.abort();
          await watching;
          return [...missing];
        },
      };
    }
  },
);

const DBT: Partial<IngestionPipelineSpec> = {
  pipelineType: 'dbt',
  sourceConfig: {
    config: {
      dbtConfigSource: {
        dbtConfigType: 's3',
        dbtSecurityConfig: { awsRegion: 'eu-central-1', awsAccessKeyId: 'shop' },
        dbtPrefixConfig: { dbtBucketName: 'shop', dbtObjectPrefix: 'target' },
      },
    },
  },
  valuesFrom: [
    {
      targetPath: 'config.dbtConfigSource.dbtSecurityConfig.awsSecretAccessKey',
      secretKeyRef: { name: 'dbt', key: 'key' },
    },
  ],
};
