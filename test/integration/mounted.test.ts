import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANNOTATIONS } from '../../src/api/group.ts';
import type { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import { shardOfLoader } from '../../src/domain/loaderFile.ts';
import type { FakeAirflow } from '../fakes/airflow/fakeAirflow.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { pipelineManifest, secretManifest } from '../harness/manifests.ts';
import { type MountedSite, startMountedSite } from '../harness/mountedSite.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { everythingPublic } from '../harness/plantedSecrets.ts';
import { eventually } from '../support/eventually.ts';

const PATIENCE = { timeoutMs: 60_000, intervalMs: 300 };
const FLAGS = {
  'idle-poll-seconds': '2',
  'active-poll-seconds': '1',
  'secret-refresh-seconds': '2',
  'mount-seconds': '12',
};

describe.each(['2.10.5', '3.3.0'] as const)('by mounted documents, to an Airflow like %s', (generation) => {
  let world: FakeWorld;
  let operator: OperatorProcess;
  const sites: MountedSite[] = [];

  beforeAll(async () => {
    world = await startFakeWorld({
      generation,
      parseIntervalMilliseconds: 1_000,
      staleDelayMilliseconds: 500,
      runDurationMilliseconds: Infinity,
    });
    operator = await world.cluster.startOperator(FLAGS);
  });

  afterAll(async () => {
    await Promise.all(sites.map((site) => site.stop()));
    await world?.stop();
  });

  /** In a namespace of its own. */
  async function newSite(name: string): Promise<MountedSite> {
    const site = await startMountedSite(world, name);
    sites.push(site);
    return site;
  }

  function apply(namespace: string, spec: Partial<IngestionPipelineSpec> = {}): Promise<void> {
    return world.cluster.apply(pipelineManifest({ namespace, name: 'orders' }, spec));
  }

  function untilReady(namespace: string): Promise<void> {
    return eventually(async () => expectReady(await world.cluster.pipeline(`${namespace}/orders`)), PATIENCE);
  }

  /** The operator has put the document where the generation wants it. */
  function untilWritten(namespace: string): Promise<void> {
    return eventually(async () => {
      const pipeline = await world.cluster.pipeline(`${namespace}/orders`);
      expect(conditionOf(pipeline, 'Rendered')).toMatchObject({
        status: 'True',
        observedGeneration: pipeline.metadata.generation,
      });
    }, PATIENCE);
  }

  async function deliver(
    site: MountedSite,
    namespace: string,
    spec: Partial<IngestionPipelineSpec> = {},
  ): Promise<void> {
    await apply(namespace, spec);
    await untilWritten(namespace);
    await site.sync();
    await untilReady(namespace);
  }

  function untilCondition(namespace: string, type: string, reason: string): Promise<string> {
    return eventually(async () => {
      const condition = conditionOf(await world.cluster.pipeline(`${namespace}/orders`), type);
      expect(condition).toMatchObject({ reason });
      return condition?.message ?? '';
    }, PATIENCE);
  }

  describe.concurrent('a pipeline', () => {
    test('becomes Ready, changes, is suspended, runs and goes without a call of /deploy or /delete', async () => {
      const site = await newSite('life');
      const dagId = 'life_orders';
      await apply('life');
      await untilWritten('life');
      await site.sync();
      const synced = Date.now();
      await untilReady('life');
      process.stderr.write(`like ${generation}: directory → Ready ${Date.now() - synced} ms\n`);
      expect(site.airflow.dag(dagId)).toMatchObject({ isPaused: false, isActive: true });

      await deliver(site, 'life', { airflowConfig: { scheduleInterval: '0 3 * * *' } });
      expect(site.airflow.mountedDocument(dagId)).toContain('0 3 * * *');

      await deliver(site, 'life', { suspend: true });
      expect(site.airflow.dag(dagId)).toMatchObject({ isPaused: true });
      await deliver(site, 'life', { suspend: false });
      expect(site.airflow.dag(dagId)).toMatchObject({ isPaused: false });

      await world.cluster.annotate('life/orders', { [ANNOTATIONS.runRequestedAt]: 'now' });
      await eventually(() => expect(site.airflow.runs(dagId)).toHaveLength(1), PATIENCE);

      await world.cluster.deletePipeline('life/orders');
      await eventually(() => expect(site.airflow.dag(dagId)).toMatchObject({ isPaused: true }), PATIENCE);
      await eventually(async () => {
        await site.sync();
        expect([...site.files().keys()].filter((name) => name.endsWith('.json'))).toEqual([]);
      }, PATIENCE);
      await eventually(
        async () => expect(await world.cluster.hasPipeline('life/orders')).toBe(false),
        PATIENCE,
      );
      expect(site.airflow.dag(dagId)).toBeUndefined();
      expect(callsOf(site.airflow, '/deploy')).toBe(0);
      expect(callsOf(site.airflow, '/openmetadata/delete')).toBe(0);
    });

    test('gets a rotated secret into its document', async () => {
      const site = await newSite('rotation');
      const spec = {
        pipelineType: 'usage',
        sourceConfig: { config: { type: 'DatabaseUsage' } },
        valuesFrom: [
          { targetPath: 'config.queryLogFilePath', secretKeyRef: { name: 'values', key: 'value' } },
        ],
      } as const;
      await setValue(world.secrets.plant('value'));
      await apply('rotation', { ...spec, valuesFrom: [...spec.valuesFrom] });
      await untilWritten('rotation');
      await site.sync();
      await untilReady('rotation');
      const value = world.secrets.plant('rotated');
      await setValue(value);
      await eventually(async () => {
        await site.sync();
        expect(site.airflow.mountedDocument('rotation_orders')).toContain(value);
      }, PATIENCE);
      await untilReady('rotation');
      await eventually(
        async () => expect(await world.cluster.eventsOf('rotation/orders', 'SecretRotated')).toHaveLength(1),
        PATIENCE,
      );
    });

    function setValue(value: string): Promise<void> {
      return world.cluster.apply(secretManifest({ namespace: 'rotation', name: 'values' }, { value }));
    }

    test('tells of a mount that is not there, as its client does, and heals', async () => {
      const site = await newSite('unmounted');
      await apply('unmounted');
      const message = await untilCondition('unmounted', 'Deployed', 'MountNotSeen');
      expect(message).toMatch(/Secret unmounted\/dag-generated-configs-0\d under 0\d-unmounted_orders\.json/);
      await eventually(async () => {
        const client = await world.cluster.client('unmounted/airflow');
        expect(conditionOf(client, 'Mounted')).toMatchObject({ status: 'False', reason: 'MountNotSeen' });
      }, PATIENCE);

      await site.sync();
      await untilReady('unmounted');
      await eventually(async () => {
        const client = await world.cluster.client('unmounted/airflow');
        expect(conditionOf(client, 'Mounted')).toMatchObject({ status: 'True', reason: 'Mounted' });
        expect(conditionOf(client, 'Ready')).toMatchObject({ status: 'True' });
      }, PATIENCE);
    });

    test('moves to another shard without a moment in which Airflow lacks its DAG', async () => {
      const site = await newSite('shards');
      await deliver(site, 'shards');
      const before = site.airflow.dag('shards_orders')?.fileLocation ?? '';
      const looks = watchDag(site.airflow, 'shards_orders');
      await site.applyClient({ configMap: { shards: 7 } });
      const told = await eventually(async () => {
        await site.sync();
        const condition = conditionOf(await world.cluster.pipeline('shards/orders'), 'Deployed');
        expect(condition?.message).toContain('is not seen to mount');
        return condition;
      }, PATIENCE);
      expect(told).toMatchObject({ status: 'True' });
      await deliver(site, 'shards', { description: 'Changed while nothing new is mounted' });

      await site.mountShards(7);
      await eventually(async () => {
        await site.sync();
        const documents = [...site.files().keys()].filter((name) => name.endsWith('_orders.json'));
        expect(documents).toHaveLength(1);
        const { fileLocation = '' } = site.airflow.dag('shards_orders') ?? {};
        expect(shardOfLoader(fileLocation)).toBe(documents[0]?.slice(0, 2));
        expect(fileLocation).not.toBe(before);
      }, PATIENCE);
      await untilReady('shards');
      expect(looks.stop()).toEqual([]);
    });

    test('is handed over and back with its schedule, its pause state, its runs and a run under way', async () => {
      const site = await newSite('switch');
      const dagId = 'switch_orders';
      await site.applyClient({ delivery: 'ManagedAPI', limits: { deploysPerMinute: 600 } });
      await apply('switch');
      await untilReady('switch');
      await site.sync();
      const runId = site.airflow.startScheduledRun(dagId);
      await eventually(async () => {
        expect((await world.cluster.pipeline('switch/orders')).status?.activeRuns).toBe(1);
      }, PATIENCE);
      await site.applyClient();
      await untilCondition('switch', 'Deployed', 'Deployed');
      await eventually(async () => {
        const { message = '' } = conditionOf(await world.cluster.pipeline('switch/orders'), 'Deployed') ?? {};
        expect(message).toContain(`when its run ${runId} has ended`);
      }, PATIENCE);
      expect(site.airflow.runs(dagId)).toMatchObject([{ state: 'running' }]);
      expectReady(await world.cluster.pipeline('switch/orders'));

      await site.sync();
      site.airflow.finishRun(dagId, 'success');
      await eventually(() => {
        const dag = site.airflow.dag(dagId);
        expect(shardOfLoader(dag?.fileLocation ?? '')).toBeDefined();
        expect(dag).toMatchObject({ isPaused: false, isActive: true });
      }, PATIENCE);
      await untilReady('switch');
      expect(site.airflow.runs(dagId)).toHaveLength(generation === '3.3.0' ? 1 : 0);
      expect((await world.cluster.pipeline('switch/orders')).status?.recentRuns).toMatchObject([{ runId }]);

      const second = site.airflow.startScheduledRun(dagId);
      await site.applyClient({ delivery: 'ManagedAPI', limits: { deploysPerMinute: 600 } });
      await eventually(() => {
        expect(site.airflow.dag(dagId)?.fileLocation).toMatch(/\/switch_orders\.py$/);
      }, PATIENCE);
      await untilReady('switch');
      expect(site.airflow.runs(dagId)[0]).toMatchObject({ runId: second, state: 'running' });
      expect(site.airflow.dag(dagId)).toMatchObject({ isPaused: false });
      expect(await world.cluster.eventsOf('switch/orders', 'DriftCorrected')).toEqual([]);
      expect(await world.cluster.eventsOf('switch/orders', 'SecretRotated')).toEqual([]);
    });

    test('has what the loader says told in place of a DAG that cannot be built, and heals', async () => {
      const site = await newSite('built');
      await deliver(site, 'built');
      site.airflow.setBuildError('built_orders', `HTTPError: refused ${world.token} at http://om`);
      const message = await untilCondition('built', 'Deployed', 'DagImportError');
      expect(message).toContain('HTTPError: refused [redacted]');
      expect(site.airflow.dag('built_orders')).toMatchObject({ isPaused: false });

      site.airflow.setBuildError('built_orders', undefined);
      await untilReady('built');
    });

    test('is put back, or only reported, when somebody meddles with its DAG', async () => {
      const site = await newSite('drift');
      await deliver(site, 'drift');
      site.airflow.forgetByHand('drift_orders');
      await eventually(
        async () => expect(await world.cluster.eventsOf('drift/orders', 'DriftCorrected')).not.toEqual([]),
        PATIENCE,
      );
      await untilReady('drift');
      expect(site.airflow.dag('drift_orders')).toMatchObject({ isPaused: false });

      await deployOver(site.airflow, 'drift_orders');
      await eventually(() => {
        expect(site.airflow.files()).toEqual([]);
        expect(shardOfLoader(site.airflow.dag('drift_orders')?.fileLocation ?? '')).toBeDefined();
        expect(site.airflow.dag('drift_orders')).toMatchObject({ isPaused: false });
      }, PATIENCE);
      await untilReady('drift');

      await deliver(site, 'drift', { driftPolicy: 'Warn' });
      await deployOver(site.airflow, 'drift_orders');
      await untilCondition('drift', 'Deployed', 'DriftDetected');
      expect(site.airflow.files()).toEqual(['drift_orders.json', 'drift_orders.py']);
    });

    test.each([404, 403])('is delivered where a request to parse is answered with %i', async (status) => {
      const namespace = `asked-${status}`;
      const site = await newSite(namespace);
      const body = JSON.stringify({ detail: 'no' });
      site.airflow.setFault({ kind: 'answer', status, body }, { method: 'PUT' });
      await deliver(site, namespace);
      await deliver(site, namespace, { description: 'changed' });

      expect(callsOf(site.airflow, '/parseDagFile')).toBeGreaterThan(0);
    });
  });

  test('no secret stands anywhere but in Secrets', async () => {
    expect(world.secrets.findLeaks(await everythingPublic(world.cluster, [operator]))).toEqual([]);
  });
});

function callsOf(airflow: FakeAirflow, path: string): number {
  return airflow.calls.filter((call) => call.path.includes(path)).length;
}

/** As the OpenMetadata UI does: without the mark. */
async function deployOver(airflow: FakeAirflow, dagId: string): Promise<void> {
  const document = (airflow.mountedDocument(dagId) ?? '').replace(/ ?\[ingestion[^\]]*\]/, 'by hand');
  const base = airflow.calls.find(({ path }) => path.endsWith('/enable'))?.path.replace(/\/enable$/, '');
  const credentials = Buffer.from(`${airflow.username}:${airflow.password}`).toString('base64');
  const answer = await fetch(`${airflow.url}${base}/deploy`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    body: document,
  });
  expect(answer.status).toBe(200);
}

/** Looks again and again, and keeps the times at which there was no such DAG. */
function watchDag(airflow: FakeAirflow, dagId: string): { stop(): readonly string[] } {
  const missing: string[] = [];
  const stopped = new AbortController();
  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      if (airflow.dag(dagId)?.isActive !== true) {
        missing.push(new Date().toISOString());
      }
      await sleep(50);
    }
  }
  void watch();
  return {
    stop() {
      stopped.abort();
      return missing;
    },
  };
}
