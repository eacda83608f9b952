import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANNOTATIONS } from '../../src/api/group.ts';
import type { IngestionPipeline, IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import { findRunRequest } from '../../src/domain/runRequest.ts';
import type { FakeAirflow, FakeCall } from '../fakes/airflow/fakeAirflow.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { clientManifest, pipelineManifest } from '../harness/manifests.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { eventually } from '../support/eventually.ts';

const PATIENCE = { timeoutMs: 45_000, intervalMs: 500 };
const FLAGS = { 'idle-poll-seconds': '5', 'active-poll-seconds': '1' };

let world: FakeWorld;
let operator: OperatorProcess;

beforeAll(async () => {
  world = await startFakeWorld({
    generation: '2.10.5',
    latencyMilliseconds: 5,
    runDurationMilliseconds: Infinity,
  });
  operator = await world.cluster.startOperator(FLAGS);
});

afterAll(async () => {
  await world?.stop();
});

describe.concurrent('a suspended pipeline', () => {
  test('is paused in Airflow, also after somebody has unpaused it, and unpaused when it is resumed', async () => {
    const { airflow, cluster } = world;
    const key = await declare('suspended', { airflowConfig: { scheduleInterval: '0 3 * * *' } });
    expect((await cluster.pipeline(key)).status?.nextRunTime).toMatch(/T03:00:00Z$/);

    await declare('suspended', { suspend: true, airflowConfig: { scheduleInterval: '0 3 * * *' } });
    const { status, ...pipeline } = await cluster.pipeline(key);
    expect(conditionOf({ ...pipeline, status }, 'Ready')).toMatchObject({ reason: 'Suspended' });
    expect(status?.nextRunTime).toBeUndefined();
    expect(airflow.dag('suspended_orders')).toMatchObject({ isPaused: true });

    airflow.pauseByHand('suspended_orders', false);
    await eventually(
      () => expect(airflow.dag('suspended_orders')).toMatchObject({ isPaused: true }),
      PATIENCE,
    );
    const [corrected] = await seen(key, 'DriftCorrected');
    expect(corrected?.note).toMatch(/unpaused by somebody else/);

    await declare('suspended', { suspend: false, airflowConfig: { scheduleInterval: '0 3 * * *' } });
    expect(airflow.dag('suspended_orders')).toMatchObject({ isPaused: false });
    expect(airflow.deploys('suspended_orders')).toHaveLength(1);
  });

  test('keeps a run that is asked for waiting, says so, and starts it once when it is resumed', async () => {
    const { airflow, cluster } = world;
    const key = await declare('waiting', { suspend: true });
    await cluster.annotate(key, { [ANNOTATIONS.runRequestedAt]: 'monday' });

    const { pendingRun } = await eventually(async () => {
      const { status } = await cluster.pipeline(key);
      expect(status?.pendingRun).toBeDefined();
      return status ?? {};
    }, PATIENCE);
    expect(pendingRun).toEqual({
      runId: runIdOf('waiting', 'monday'),
      message: 'It waits until the pipeline is resumed: spec.suspend is true.',
    });
    expect(await seen(key, 'RunPending')).toHaveLength(1);
    expect(airflow.runs('waiting_orders')).toEqual([]);

    await declare('waiting', { suspend: false });
    await expectRuns('waiting', [runIdOf('waiting', 'monday')]);
    expect((await cluster.pipeline(key)).status?.pendingRun).toBeUndefined();
    expect(await seen(key, 'RunPending')).toHaveLength(1);
  });

  test('starts the run that its nonce asks for under the id that it has shown', async () => {
    const { airflow, cluster } = world;
    const key = await declare('nonce', { suspend: true });
    await declare('nonce', { suspend: true, runNonce: 'monday' });
    const { pendingRun } = (await cluster.pipeline(key)).status ?? {};
    expect(pendingRun).toMatchObject({ nonce: 'monday' });

    await declare('nonce', { suspend: false, runNonce: 'monday' });
    await eventually(() => {
      expect(airflow.runs('nonce_orders').map(({ runId }) => runId)).toEqual([pendingRun?.runId]);
    }, PATIENCE);
    expect(await seen(key, 'RunPending')).toHaveLength(1);
  });
});

describe.concurrent('a run on request', () => {
  test('is started once for each value of the annotation, and once for each change of the nonce', async () => {
    const { airflow, cluster } = world;
    const key = await declare('request', { runNonce: 'of-creation' });
    expect(airflow.runs('request_orders')).toEqual([]);

    await cluster.annotate(key, { [ANNOTATIONS.runRequestedAt]: 'monday' });
    await expectRuns('request', [runIdOf('request', 'monday')]);
    await cluster.annotate(key, { [ANNOTATIONS.runRequestedAt]: 'monday', 'example.org/touched': '1' });
    await cluster.annotate(key, { [ANNOTATIONS.runRequestedAt]: 'tuesday' });
    await expectRuns('request', [runIdOf('request', 'tuesday'), runIdOf('request', 'monday')]);

    await declare('request', { runNonce: 'first' });
    await eventually(() => expect(airflow.runs('request_orders')).toHaveLength(3), PATIENCE);
    await declare('request', { runNonce: 'first', displayName: 'Orders' });
    await declare('request', { runNonce: 'second', displayName: 'Orders' });
    await eventually(() => expect(airflow.runs('request_orders')).toHaveLength(4), PATIENCE);
    await eventually(async () => {
      expect((await cluster.pipeline(key)).status).toMatchObject({
        lastHandledRunRequest: 'tuesday',
        lastHandledRunNonce: 'second',
        activeRuns: 4,
      });
    }, PATIENCE);
    expect(await seen(key, 'RunTriggered')).toHaveLength(4);
  });

  test('waits for a DAG that cannot be deployed yet, says why, and is started once when it is there', async () => {
    const { airflow, cluster, openMetadata } = world;
    const key = 'early/orders';
    const service = { type: 'databaseService', name: 'early' } as const;
    const annotations = { [ANNOTATIONS.runRequestedAt]: 'monday' };
    await world.createNamespace('early');
    await cluster.apply(
      pipelineManifest({ namespace: 'early', name: 'orders', annotations }, { service, runNonce: 'a' }),
    );

    await eventually(async () => {
      const { pendingRun } = (await cluster.pipeline(key)).status ?? {};
      expect(pendingRun).toMatchObject({ runId: runIdOf('early', 'monday') });
      expect(pendingRun?.message).toMatch(
        /waits until the pipeline is deployed and enabled: OpenMetadata .* has no/,
      );
    }, PATIENCE);
    expect(await seen(key, 'RunPending')).toHaveLength(1);

    openMetadata.addService('databaseServices', { name: 'early', serviceType: 'SQLite' });
    await cluster.annotate(key, { [ANNOTATIONS.requestedAt]: 'now' });
    await expectRuns('early', [runIdOf('early', 'monday')]);
    expect(airflow.deploys('early_orders')).toHaveLength(1);
    await eventually(async () => {
      expect((await cluster.pipeline(key)).status?.pendingRun).toBeUndefined();
    }, PATIENCE);
  });
});

describe.concurrent('an annotation', () => {
  test('paused keeps the operator away from the pipeline and its DAG, until it is taken away', async () => {
    const { airflow, cluster } = world;
    const key = await declare('paused');
    const before = await cluster.pipeline(key);
    await cluster.annotate(key, { [ANNOTATIONS.paused]: 'true' });
    await eventually(async () => {
      expect(conditionOf(await cluster.pipeline(key), 'Paused')).toMatchObject({ status: 'True' });
    }, PATIENCE);
    const called = airflow.calls.length;

    await cluster.apply(
      pipelineManifest(
        { namespace: 'paused', name: 'orders' },
        { suspend: true, displayName: 'Orders', runNonce: 'a' },
      ),
    );
    await cluster.annotate(key, { [ANNOTATIONS.requestedAt]: 'now', [ANNOTATIONS.runRequestedAt]: 'now' });
    airflow.pauseByHand('paused_orders');
    await sleep(3_000);
    const paused = await cluster.pipeline(key);
    expect(paused.metadata.generation).toBeGreaterThan(before.metadata.generation);
    expect(paused.status?.observedGeneration).toBe(before.metadata.generation);
    expect(changesOf(airflow.calls.slice(called), 'paused_orders')).toEqual([]);
    expect(airflow.dag('paused_orders')).toMatchObject({ isPaused: true });
    expect(airflow.runs('paused_orders')).toEqual([]);

    await cluster.annotate(key, { [ANNOTATIONS.paused]: undefined });
    await eventually(async () => {
      const pipeline = await cluster.pipeline(key);
      expectReady(pipeline);
      expect(conditionOf(pipeline, 'Paused')).toBeUndefined();
      expect(conditionOf(pipeline, 'Ready')).toMatchObject({ reason: 'Suspended' });
    }, PATIENCE);
    expect(airflow.deploys('paused_orders')).toHaveLength(2);
  });

  test('requested-at brings a look at this very DAG, and is acknowledged', async () => {
    const { airflow, cluster } = world;
    const key = await declare('look');
    const before = looksAt(airflow, 'look_orders');
    await cluster.annotate(key, { [ANNOTATIONS.requestedAt]: 'now' });

    await eventually(async () => {
      expect((await cluster.pipeline(key)).status).toMatchObject({ lastHandledReconcileAt: 'now' });
    }, PATIENCE);
    expect(looksAt(airflow, 'look_orders')).toBe(before + 1);
  });
});

describe.concurrent('what Airflow knows of the runs', () => {
  test('stands on the pipeline, and no further back than is asked for', async () => {
    const { airflow, cluster } = world;
    const key = await declare('history', { runHistoryLimit: 2 });
    expect(conditionOf(await cluster.pipeline(key), 'LastRunSucceeded')).toMatchObject({
      reason: 'NoRunYet',
    });

    await expectAfterRun(key, 'success', { lastRun: { state: 'success' }, consecutiveFailures: 0 });
    const { lastSuccessfulTime } = (await cluster.pipeline(key)).status ?? {};
    expect(lastSuccessfulTime).toBeDefined();
    await expectAfterRun(key, 'failed', { lastRun: { state: 'failed' }, consecutiveFailures: 1 });
    const pipeline = await expectAfterRun(key, 'failed', { consecutiveFailures: 2, activeRuns: 0 });
    expectReady(pipeline);
    expect(pipeline.status).toMatchObject({ lastSuccessfulTime, lastRun: { trigger: 'scheduled' } });
    expect(pipeline.status?.recentRuns?.map(({ runId }) => runId)).toEqual(
      airflow
        .runs('history_orders')
        .slice(0, 2)
        .map(({ runId }) => runId),
    );
    expect(conditionOf(pipeline, 'LastRunSucceeded')).toMatchObject({ status: 'False', reason: 'Failed' });
    expect(conditionOf(pipeline, 'LastRunSucceeded')?.message).toMatch(/2 failures in a row/);
  });

  test('is told by one Warning for a run that failed, with the end of its log and without its secrets', async () => {
    const { airflow, secrets } = world;
    const key = await declare('failing');
    const noise = Array.from({ length: 200 }, (_, line) => `[07:00] INFO - line ${line} of the run`);
    const fault = `[07:01] ERROR - the database at sqlite://shop?token=${world.token} does not answer`;
    airflow.setLog('failing_orders', [...noise, fault, '[07:02] INFO - Marking task as FAILED'].join('\n'));
    await expectAfterRun(key, 'failed', { consecutiveFailures: 1 });

    const [event, ...others] = await seen(key, 'Failed');
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'Warning' });
    expect(event?.series).toBeUndefined();
    expect(event?.note).toMatch(/does not answer$/);
    expect(event?.note).toContain('?token=[redacted]');
    expect(Buffer.byteLength(event?.note ?? '')).toBeLessThanOrEqual(1024);
    expect(secrets.findLeaks(new Map([['the event', event?.note ?? '']]))).toEqual([]);
  });
});

describe('twenty runs that are asked for at once', () => {
  test('are twenty runs, though the operator is killed again and again while it starts them', async () => {
    const { airflow, cluster } = world;
    const names = Array.from({ length: 20 }, (_, index) => `pipeline-${index}`);
    await world.createNamespace('crash');
    await cluster.apply(
      clientManifest({ namespace: 'crash', name: 'airflow' }, world.servers, {
        limits: { deploysPerMinute: 600 },
      }),
      ...names.map((name) => pipelineManifest({ namespace: 'crash', name })),
    );
    await eventually(async () => (await crashed()).forEach(expectReady), PATIENCE);
    await operator.stop();

    airflow.setFault({ kind: 'delay', milliseconds: 800 }, { method: 'POST', path: '/trigger' });
    const request = `${ANNOTATIONS.runRequestedAt}=monday`;
    await cluster.kubectl('annotate', 'ingestionpipeline', '--namespace=crash', '--all', request);
    const lives: number[] = [];
    for (let life = 0; life < 8; life += 1) {
      const killed = await cluster.startOperator({
        ...FLAGS,
        concurrency: '3',
        'lease-name': `life-${life}`,
      });
      await sleep(200 + Math.random() * 1_600);
      await killed.kill();
      lives.push(names.filter((name) => airflow.runs(`crash_${name}`).length > 0).length);
    }
    operator = await cluster.startOperator({ ...FLAGS, 'lease-name': 'last-life' });
    await eventually(async () => {
      const statuses = (await crashed()).map(({ status }) => status);
      statuses.forEach((status) => expect(status).toMatchObject({ lastHandledRunRequest: 'monday' }));
    }, PATIENCE);

    process.stderr.write(`runs after each kill: ${lives.join(', ')}\n`);
    for (const name of names) {
      expect(airflow.runs(`crash_${name}`).map(({ runId }) => runId)).toEqual([
        runIdOf('crash', 'monday', name),
      ]);
    }
  });

  test('and nothing before them has shown a secret or needed a right that the operator has not', () => {
    expect(world.cluster.logs().join('')).not.toMatch(/forbidden/i);
    expect(world.secrets.findLeaks(new Map([['the log', world.cluster.logs().join('')]]))).toEqual([]);
  });
});

/** Declares the pipeline `orders` of a namespace, which is made where it is not there, and waits until it is Ready. */
async function declare(namespace: string, changes: Partial<IngestionPipelineSpec> = {}): Promise<string> {
  const key = `${namespace}/orders`;
  await world.createNamespace(namespace);
  await world.cluster.apply(pipelineManifest({ namespace, name: 'orders' }, changes));
  await eventually(async () => expectReady(await world.cluster.pipeline(key)), PATIENCE);
  return key;
}

async function crashed(): Promise<IngestionPipeline[]> {
  return (await world.cluster.pipelines()).filter(({ metadata }) => metadata.namespace === 'crash');
}

/** What a run on request is called. */
function runIdOf(namespace: string, annotation: string, name = 'orders'): string | undefined {
  return findRunRequest({
    owner: { ownerId: 'default', namespace, name },
    annotation,
    nonce: undefined,
    generation: 1,
    status: {},
  })?.runId;
}

/** Airflow has these runs of `orders`, newest first, and the pipeline has acknowledged them. */
async function expectRuns(namespace: string, runIds: readonly (string | undefined)[]): Promise<void> {
  await eventually(async () => {
    expect(world.airflow.runs(`${namespace}_orders`).map(({ runId }) => runId)).toEqual(runIds);
    expect((await world.cluster.pipeline(`${namespace}/orders`)).status).toMatchObject({
      activeRuns: runIds.length,
      lastRun: { runId: runIds[0] },
    });
  }, PATIENCE);
}

/** Lets Airflow's scheduler run the pipeline, and waits for the status after it. */
async function expectAfterRun(
  key: string,
  end: 'success' | 'failed',
  status: object,
): Promise<IngestionPipeline> {
  const { airflow, cluster } = world;
  const dagId = key.replace('/', '_');
  const runId = airflow.startScheduledRun(dagId);
  await eventually(async () => {
    expect((await cluster.pipeline(key)).status).toMatchObject({ activeRuns: 1, lastRun: { runId } });
  }, PATIENCE);
  airflow.finishRun(dagId, end);
  return eventually(async () => {
    const pipeline = await cluster.pipeline(key);
    expect(pipeline.status).toMatchObject({ ...status, activeRuns: 0 });
    return pipeline;
  }, PATIENCE);
}

/** The events of this reason, once there is one. */
function seen(key: string, reason: string): ReturnType<FakeWorld['cluster']['eventsOf']> {
  return eventually(async () => {
    const events = await world.cluster.eventsOf(key, reason);
    expect(events).not.toEqual([]);
    return events;
  }, PATIENCE);
}

function looksAt(airflow: FakeAirflow, dagId: string): number {
  return airflow.calls.filter(({ path }) => path.endsWith(`/dags/${dagId}`)).length;
}

/** The plugin's calls that change something of one DAG. */
function changesOf(calls: readonly FakeCall[], dagId: string): FakeCall[] {
  return calls.filter(
    ({ method, path, body }) => method !== 'GET' && path.includes('/openmetadata/') && body.includes(dagId),
  );
}
