import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { createFleet, createFleetClient, FLEET, untilFleetIsReady } from '../harness/fleet.ts';
import { secretManifest } from '../harness/manifests.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { eventually } from '../support/eventually.ts';
import { secondsSince, tellFigure } from '../support/figures.ts';

const SIZES = { big: 150, mid: 30, small: 15, tiny: 5 } as const;
const ALL = 200;
/** How many of `mid` take a value out of a Secret. */
const WITH_SECRET = 3;
/** Shorter than the defaults of 60 s and 30 s, to which the printed figures have to be added. */
const FLAGS = { 'secret-refresh-seconds': '2', 'idle-poll-seconds': '2' };
const PATIENCE = { timeoutMs: 60_000, intervalMs: 250 };
const Document = z.object({ name: z.string() });

let world: FakeWorld;
let operator: OperatorProcess;
/** Of the bot, as it is at present. */
let token: string;

beforeAll(async () => {
  world = await startFakeWorld({
    generation: '2.10.5',
    registrationDelayMilliseconds: 300,
    latencyMilliseconds: 20,
  });
  token = world.token;
  await createFleetClient(world);
  operator = await world.cluster.startOperator(FLAGS);
  const started = Date.now();
  await createFleet(world.cluster, 'mid', SIZES.mid, (index) => (index < WITH_SECRET ? withSecret() : {}));
  await world.cluster.apply(secretManifest({ namespace: 'mid', name: 'shared' }, { path: '/first' }));
  for (const namespace of ['big', 'small', 'tiny'] as const) {
    await createFleet(world.cluster, namespace, SIZES[namespace]);
  }
  await untilFleetIsReady(world.cluster, ALL, 120_000);
  tellFigure(`${ALL} new pipelines, first applied to all Ready`, secondsSince(started));
});

afterAll(async () => {
  await world?.stop();
});

describe('a rotation', () => {
  test('of the token brings the new one to all two hundred DAGs, with one deploy each', async () => {
    const { airflow } = world;
    const before = airflow.deploys().length;
    token = world.secrets.plant('second-token');
    const started = Date.now();
    await setCredentials({ password: airflow.password, token });
    world.openMetadata.setToken(token);

    await eventually(() => expect(airflow.deploys().length).toBeGreaterThan(before), PATIENCE);
    tellFigure('token changed to first deploy (refresh every 2 s)', secondsSince(started));
    const first = Date.now();
    await eventually(() => expect(airflow.deploys().length - before).toBeGreaterThanOrEqual(ALL), PATIENCE);
    tellFigure(`first to last of ${ALL} deploys, 600 a minute allowed`, secondsSince(first));
    await untilFleetIsReady(world.cluster, ALL, 60_000);
    tellFigure('token changed to all redeployed and Ready', secondsSince(started));

    expect(new Set(deployedSince(before)).size).toBe(ALL);
    expect(airflow.deploys().length - before).toBe(ALL);
    for (const { dagId } of airflow.dags()) {
      expect(airflow.file(`${dagId}.json`)).toContain(token);
    }
  });

  test('of the password is noticed, calls go on with the new one, and nothing is deployed', async () => {
    const { airflow } = world;
    const before = airflow.deploys().length;
    const password = world.secrets.plant('second-password');
    const header = `Basic ${Buffer.from(`${airflow.username}:${password}`).toString('base64')}`;
    const started = Date.now();
    airflow.setPassword(password);
    await setCredentials({ password, token });

    await eventually(() => {
      const accepted = airflow.calls.filter(
        ({ authorization, status }) => authorization === header && status === 200,
      );
      expect(accepted.length).toBeGreaterThan(0);
    }, PATIENCE);
    tellFigure('password changed to first call with it (refresh every 2 s)', secondsSince(started));
    await untilClientIsReady();
    await untilFleetIsReady(world.cluster, ALL, 30_000);
    const calls = airflow.calls.length;
    await eventually(() => expect(airflow.calls.length).toBeGreaterThan(calls + 3), PATIENCE);
    expect(airflow.calls.slice(calls).filter(({ status }) => status === 401)).toEqual([]);
    expect(airflow.deploys()).toHaveLength(before);
  });

  test('of a Secret that three of two hundred use is deployed to these three', async () => {
    const before = world.airflow.deploys().length;
    await world.cluster.apply(secretManifest({ namespace: 'mid', name: 'shared' }, { path: '/second' }));
    await eventually(
      () => expect(world.airflow.deploys().length - before).toBeGreaterThanOrEqual(WITH_SECRET),
      PATIENCE,
    );
    await untilFleetIsReady(world.cluster, ALL, 30_000);

    expect(deployedSince(before).toSorted()).toEqual(usersOfSecret());
    for (const dagId of usersOfSecret()) {
      expect(world.airflow.file(`${dagId}.json`)).toContain('/second');
    }
  });

  test('that loses a Secret is told, and nothing is deployed or deleted', async () => {
    const { cluster, airflow } = world;
    const before = airflow.deploys().length;
    const credentials = { password: airflow.password, token };
    await cluster.kubectl('delete', 'secret', '--namespace=mid', 'shared');
    await cluster.kubectl('delete', 'secret', `--namespace=${FLEET}`, 'credentials');

    await eventually(async () => {
      const client = await cluster.client(`${FLEET}/airflow`);
      expect(conditionOf(client, 'Ready')).toMatchObject({ status: 'False', reason: 'SecretNotFound' });
      const pipeline = await cluster.pipeline('mid/pipeline-0');
      expect(conditionOf(pipeline, 'Ready')).toMatchObject({ status: 'False', reason: 'SecretNotFound' });
    }, PATIENCE);
    expectReady(await cluster.pipeline('mid/pipeline-10'));
    expect(airflow.dags().filter(({ isPaused, isActive }) => !isPaused && isActive)).toHaveLength(ALL);

    await cluster.apply(secretManifest({ namespace: 'mid', name: 'shared' }, { path: '/second' }));
    await setCredentials(credentials);
    await untilClientIsReady();
    await untilFleetIsReady(cluster, ALL, 60_000);
    expect(airflow.deploys()).toHaveLength(before);
  });
});

test('two hundred lost DAGs come back with one deploy each, the small namespaces first, and the client tells how far it is', async () => {
  const { cluster, airflow } = world;
  const before = airflow.deploys().length;
  const seen = new Set<number>();
  const readiness = new Set<string | undefined>();
  const started = Date.now();
  airflow.wipeVolume();

  await eventually(
    async () => {
      const client = await cluster.client(`${FLEET}/airflow`);
      const queued = client.status?.deploys?.queued;
      if (queued !== undefined) {
        seen.add(queued);
        readiness.add(conditionOf(client, 'Ready')?.status);
      }
      expect(airflow.deploys().length - before).toBeGreaterThanOrEqual(ALL);
    },
    { timeoutMs: 120_000, intervalMs: 500 },
  );
  await untilFleetIsReady(cluster, ALL, 60_000);
  tellFigure(`${ALL} DAGs lost to all back and Ready (looked for every 2 s)`, secondsSince(started));
  tellFigure('deploys.queued as seen', [...seen].join(', '));

  const order = deployedSince(before);
  expect(order).toHaveLength(ALL);
  expect(new Set(order).size).toBe(ALL);
  expect(order.slice(-75).filter((dagId) => !dagId.startsWith('big_'))).toEqual([]);
  expect([...readiness]).toEqual(['True']);
  const counts = [...seen];
  const falling = counts.slice(counts.indexOf(Math.max(...counts)));
  expect(falling.length).toBeGreaterThanOrEqual(3);
  expect(falling).toEqual(falling.toSorted((left, right) => right - left));
  await eventually(async () => {
    expect((await cluster.client(`${FLEET}/airflow`)).status).not.toHaveProperty('deploys');
  }, PATIENCE);
});

describe('a namespace that is deleted', () => {
  test('with a hundred pipelines is gone within a minute, and nothing of it is left', async () => {
    await createFleet(world.cluster, 'hundred', 100);
    await createFleet(world.cluster, 'outage', 60);
    await untilFleetIsReady(world.cluster, ALL + 160, 90_000);
    const started = Date.now();
    await world.cluster.kubectl('delete', 'namespace', 'hundred', '--timeout=60s');
    tellFigure('namespace with 100 pipelines deleted to gone', secondsSince(started));

    await expectNothingLeftOf('hundred');
  });

  test('is gone also where Airflow is down for fifteen seconds in the middle, and waits for it meanwhile', async () => {
    const { cluster, airflow } = world;
    const started = Date.now();
    await deleteUntilLeft('outage', 40);
    airflow.setFault({ kind: 'reset', when: 'before' });
    await sleep(5_000);
    const left = await pipelinesOf('outage');
    await sleep(10_000);
    expect(left).toBeGreaterThan(0);
    expect(await pipelinesOf('outage')).toBe(left);
    expect(dagsOf('outage')).toBeGreaterThan(0);
    airflow.clearFaults();
    const back = Date.now();
    await cluster.kubectl('wait', '--for=delete', 'namespace/outage', '--timeout=60s');
    tellFigure('namespace with 60 pipelines and an outage of 15 s', secondsSince(started));
    tellFigure('of which after the outage', secondsSince(back));

    await expectNothingLeftOf('outage');
  });

  test('is gone also where the operator is killed half-way and started again', async () => {
    const { cluster } = world;
    const started = Date.now();
    await deleteUntilLeft('big', SIZES.big / 2);
    await operator.kill();
    expect(await pipelinesOf('big')).toBeGreaterThan(0);
    operator = await cluster.startOperator({ ...FLAGS, 'lease-name': 'second-life' });
    await cluster.kubectl('wait', '--for=delete', 'namespace/big', '--timeout=60s');
    tellFigure('namespace with 150 pipelines and a killed operator', secondsSince(started));

    await expectNothingLeftOf('big');
  });
});

function withSecret(): Partial<IngestionPipelineSpec> {
  return {
    pipelineType: 'usage',
    sourceConfig: { config: { type: 'DatabaseUsage' } },
    valuesFrom: [{ targetPath: 'config.queryLogFilePath', secretKeyRef: { name: 'shared', key: 'path' } }],
  };
}

function usersOfSecret(): string[] {
  return Array.from({ length: WITH_SECRET }, (_, index) => `mid_pipeline-${index}`);
}

async function setCredentials(credentials: { password: string; token: string }): Promise<void> {
  await world.cluster.apply(secretManifest({ namespace: FLEET, name: 'credentials' }, credentials));
}

async function untilClientIsReady(): Promise<void> {
  await eventually(async () => {
    const client = await world.cluster.client(`${FLEET}/airflow`);
    expect(conditionOf(client, 'Ready')).toMatchObject({ status: 'True' });
  }, PATIENCE);
}

/** The ids of the DAGs that were deployed since there were so many deploys, in order. */
function deployedSince(count: number): string[] {
  return world.airflow
    .deploys()
    .slice(count)
    .map((body) => Document.parse(JSON.parse(body)).name);
}

function dagsOf(namespace: string): number {
  return world.airflow.dags().filter(({ dagId }) => dagId.startsWith(`${namespace}_`)).length;
}

async function pipelinesOf(namespace: string): Promise<number> {
  const names = await world.cluster.kubectl(
    'get',
    'ingestionpipelines',
    `--namespace=${namespace}`,
    '-o=name',
  );
  return names.split('\n').filter((name) => name !== '').length;
}

/** Asks for the deletion of a namespace and waits until no more than so many of its DAGs are left. */
async function deleteUntilLeft(namespace: string, left: number): Promise<void> {
  await world.cluster.kubectl('delete', 'namespace', namespace, '--wait=false');
  await eventually(() => expect(dagsOf(namespace)).toBeLessThanOrEqual(left), {
    ...PATIENCE,
    intervalMs: 20,
  });
}

async function expectNothingLeftOf(namespace: string): Promise<void> {
  const documents = await world.cluster.kubectl('get', 'configmaps', `--namespace=${FLEET}`, '-o=yaml');
  expect(dagsOf(namespace)).toBe(0);
  expect(world.airflow.files().filter((file) => file.startsWith(`${namespace}_`))).toEqual([]);
  expect(documents).not.toContain(`${namespace}_pipeline`);
  expect(documents).toContain('tiny_pipeline');
}
