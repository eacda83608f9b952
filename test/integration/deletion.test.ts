import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANNOTATIONS } from '../../src/api/group.ts';
import type { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import type { FakeAirflow } from '../fakes/airflow/fakeAirflow.ts';
import { documentsIn } from '../harness/documents.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { pipelineManifest } from '../harness/manifests.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import type { ClusterEvent } from '../harness/resources.ts';
import { eventually } from '../support/eventually.ts';

const PATIENCE = { timeoutMs: 45_000, intervalMs: 500 };
const FLAGS = { 'idle-poll-seconds': '5', 'active-poll-seconds': '1', 'secret-refresh-seconds': '2' };

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

describe.concurrent('a deleted pipeline', () => {
  test('has its DAG paused, its run stopped and its DAG deleted, in this order', async () => {
    const { airflow, cluster } = world;
    const key = await declare('running', airflow);
    airflow.startScheduledRun('running_orders');
    await cluster.deletePipeline(key);

    await expectGone('running');
    expect(airflow.dag('running_orders')).toBeUndefined();
    expect(airflow.files().filter((file) => file.startsWith('running_'))).toEqual([]);
    const verbs = airflow.calls
      .filter(
        ({ method, body, query }) =>
          method !== 'GET' && `${body}${query['dag_id']}`.includes('running_orders'),
      )
      .flatMap(({ path }) => /openmetadata\/(\w+)$/.exec(path)?.[1] ?? []);
    expect(verbs).toEqual(['deploy', 'enable', 'disable', 'kill', 'delete']);
    expect(await told(key, 'Deleted')).toMatchObject([{ type: 'Normal' }]);
  });

  test('waits while Airflow is down, says so and how to get out of it, and goes when Airflow is back', async () => {
    const { cluster } = world;
    const airflow = await world.startAirflow();
    const key = await declare('down', airflow);
    airflow.setFault({ kind: 'reset', when: 'before' });
    await cluster.deletePipeline(key);

    await expectDeleting(key, /force-orphan=true/);
    expect(await documentsIn(world.cluster, 'down')).toEqual(['down_orders']);

    airflow.clearFaults();
    await expectGone('down');
    expect(airflow.dags()).toEqual([]);
    expect(await told(key, 'Deleted')).toMatchObject([{ type: 'Normal' }]);
    expect(await cluster.eventsOf(key, 'Orphaned')).toEqual([]);
  });

  test('goes at once, and leaves its DAG, where force-orphan is set while Airflow is down', async () => {
    const { cluster } = world;
    const airflow = await world.startAirflow();
    const key = await declare('forced', airflow);
    airflow.setFault({ kind: 'reset', when: 'before' });
    await cluster.deletePipeline(key);
    await expectDeleting(key, /./);
    await cluster.annotate(key, { [ANNOTATIONS.forceOrphan]: 'true' });

    await expectGone('forced');
    expect(airflow.dag('forced_orders')).toMatchObject({ isPaused: false });
    expect(await told(key, 'Orphaned')).toMatchObject([{ type: 'Warning' }]);
  });

  test('leaves its DAG, and goes with its document, where its deletion policy says so', async () => {
    const { airflow, cluster } = world;
    const key = await declare('orphan', airflow, { deletionPolicy: 'Orphan' });
    await cluster.deletePipeline(key);

    await expectGone('orphan');
    expect(airflow.dag('orphan_orders')).toMatchObject({ isPaused: false });
    expect(await told(key, 'Orphaned')).toMatchObject([{ type: 'Normal' }]);
  });

  test('leaves its DAG, with a Warning, where its client was torn away', async () => {
    const { airflow, cluster } = world;
    const key = await declare('clientless', airflow);
    const client = ['pipelineserviceclient', '--namespace=clientless', 'airflow'];
    await cluster.kubectl('delete', '--wait=false', ...client);
    await cluster.kubectl('patch', ...client, '--type=merge', '--patch={"metadata":{"finalizers":null}}');
    await eventually(async () => {
      expect(conditionOf(await cluster.pipeline(key), 'Ready')).toMatchObject({ reason: 'ClientNotFound' });
    }, PATIENCE);
    await cluster.deletePipeline(key);

    await expectGone('clientless');
    expect(airflow.dag('clientless_orders')).toMatchObject({ isPaused: false });
    const [event] = await told(key, 'Orphaned');
    expect(event).toMatchObject({ type: 'Warning' });
    expect(event?.note).toMatch(/PipelineServiceClient .*does not exist/);
  });

  test('takes its DAG along while the credentials that are remembered still work', async () => {
    const { airflow, cluster } = world;
    const key = await declare('remembered', airflow);
    await loseSecret('remembered');
    await cluster.deletePipeline(key);

    await expectGone('remembered');
    expect(airflow.dag('remembered_orders')).toBeUndefined();
    expect(await told(key, 'Deleted')).toMatchObject([{ type: 'Normal' }]);
  });

  test('leaves its DAG, with a Warning, where its Secret is gone and Airflow takes the old password no more', async () => {
    const { cluster } = world;
    const airflow = await world.startAirflow();
    const key = await declare('secretless', airflow);
    await loseSecret('secretless');
    airflow.setPassword('another');
    await cluster.deletePipeline(key);

    await expectGone('secretless');
    expect(airflow.dag('secretless_orders')).toBeDefined();
    const [event] = await told(key, 'Orphaned');
    expect(event).toMatchObject({ type: 'Warning' });
    expect(event?.note).toMatch(/the Secret with the credentials is gone/);
  });

  test('goes at once where it was never deployed, for want of its service', async () => {
    const { airflow, cluster } = world;
    const key = 'serviceless/orders';
    const service = { type: 'databaseService', name: 'none' } as const;
    await world.createNamespace('serviceless');
    await cluster.apply(pipelineManifest({ namespace: 'serviceless', name: 'orders' }, { service }));
    await eventually(async () => {
      expect(conditionOf(await cluster.pipeline(key), 'Ready')).toMatchObject({ reason: 'ServiceNotFound' });
    }, PATIENCE);
    expect(await documentsIn(world.cluster, 'serviceless')).toEqual(['serviceless_orders']);
    await cluster.deletePipeline(key);

    await expectGone('serviceless');
    expect(
      airflow.calls.filter(
        ({ body }) => body.includes('serviceless_orders') && body.includes('sourceConfig'),
      ),
    ).toEqual([]);
  });

  test('goes at once where it was never deployed, for want of an Airflow', async () => {
    const { cluster } = world;
    const airflow = await world.startAirflow();
    airflow.setFault({ kind: 'reset', when: 'before' });
    await world.createNamespace('nowhere', airflow);
    await cluster.apply(pipelineManifest({ namespace: 'nowhere', name: 'orders' }));
    await eventually(async () => {
      expect(conditionOf(await cluster.pipeline('nowhere/orders'), 'Ready')).toMatchObject({
        status: 'False',
        reason: 'ClientNotReady',
      });
    }, PATIENCE);
    await cluster.deletePipeline('nowhere/orders');

    await expectGone('nowhere');
  });

  test('goes at once where it was never deployed, for want of a client', async () => {
    const { cluster } = world;
    await world.createNamespace('unreferred');
    const clientRef = { name: 'none' };
    await cluster.apply(pipelineManifest({ namespace: 'unreferred', name: 'orders' }, { clientRef }));
    await eventually(async () => {
      expect(conditionOf(await cluster.pipeline('unreferred/orders'), 'Ready')).toBeDefined();
    }, PATIENCE);
    await cluster.deletePipeline('unreferred/orders');

    await expectGone('unreferred');
  });

  test('never has a name that Airflow’s plugin cannot delete: such names are refused', async () => {
    const { cluster } = world;
    await world.createNamespace('undeletable');

    for (const name of ['(x)', '_x_', 'x_', '_x', '_']) {
      const manifest = pipelineManifest({ namespace: 'undeletable', name: 'orders' }, { name });
      await expect(cluster.apply(manifest)).rejects.toThrow(/first and last a letter or digit/);
    }
  });
});

describe('an operator that is killed', () => {
  test('in the middle of a deletion is followed by one that ends it', async () => {
    const { cluster } = world;
    const airflow = await world.startAirflow();
    const key = await declare('restarted', airflow);
    airflow.startScheduledRun('restarted_orders');
    airflow.setFault({ kind: 'hang', when: 'before' }, { method: 'DELETE' });
    await cluster.deletePipeline(key);
    await eventually(() => {
      expect(airflow.runs('restarted_orders')).toMatchObject([{ state: 'failed' }]);
    }, PATIENCE);
    await operator.kill();
    airflow.clearFaults();
    expect(await cluster.hasPipeline(key)).toBe(true);

    operator = await cluster.startOperator({ ...FLAGS, 'lease-name': 'second-life' });
    await expectGone('restarted');
    expect(airflow.dags()).toEqual([]);
  });

  test('is followed by one that leaves the DAG, with a Warning, where the Secret has gone in between', async () => {
    const { cluster } = world;
    const airflow = await world.startAirflow();
    const key = await declare('forgotten', airflow);
    await operator.kill();
    await cluster.kubectl('delete', 'secret', '--namespace=forgotten', 'credentials');
    await cluster.deletePipeline(key);

    operator = await cluster.startOperator({ ...FLAGS, 'lease-name': 'third-life' });
    await expectGone('forgotten');
    expect(airflow.dag('forgotten_orders')).toMatchObject({ isPaused: false });
    expect(await told(key, 'Orphaned')).toMatchObject([{ type: 'Warning' }]);
  });

  test('has needed no right that it was not given', () => {
    expect(world.cluster.logs().join('')).not.toMatch(/forbidden/i);
  });
});

/** Declares the pipeline `orders` in a namespace of its own, and waits until it is Ready. */
async function declare(
  namespace: string,
  airflow: FakeAirflow,
  changes: Partial<IngestionPipelineSpec> = {},
): Promise<string> {
  const key = `${namespace}/orders`;
  await world.createNamespace(namespace, airflow);
  await world.cluster.apply(pipelineManifest({ namespace, name: 'orders' }, changes));
  await eventually(async () => expectReady(await world.cluster.pipeline(key)), PATIENCE);
  return key;
}

/** The pipeline `orders` is gone, and so is its document. */
async function expectGone(namespace: string): Promise<void> {
  await eventually(async () => {
    expect(await world.cluster.hasPipeline(`${namespace}/orders`)).toBe(false);
  }, PATIENCE);
  expect(await documentsIn(world.cluster, namespace)).toEqual([]);
}

async function expectDeleting(key: string, message: RegExp): Promise<void> {
  await eventually(async () => {
    const ready = conditionOf(await world.cluster.pipeline(key), 'Ready');
    expect(ready).toMatchObject({ status: 'False', reason: 'Deleting' });
    expect(ready?.message).toMatch(message);
  }, PATIENCE);
}

/** Deletes the client's Secret, and waits until the operator has noticed. */
async function loseSecret(namespace: string): Promise<void> {
  const { cluster } = world;
  await cluster.kubectl('delete', 'secret', `--namespace=${namespace}`, 'credentials');
  await eventually(async () => {
    expect(conditionOf(await cluster.client(`${namespace}/airflow`), 'Ready')).toMatchObject({
      reason: 'SecretNotFound',
    });
  }, PATIENCE);
}

/** The events of this reason, once there is one: they are sent after the pipeline is gone. */
function told(key: string, reason: string): Promise<ClusterEvent[]> {
  return eventually(async () => {
    const events = await world.cluster.eventsOf(key, reason);
    expect(events).not.toEqual([]);
    return events;
  }, PATIENCE);
}
