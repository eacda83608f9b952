import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANNOTATIONS } from '../../src/api/group.ts';
import { GENERATIONS } from '../airflow/generations.ts';
import { type Cluster, startCluster } from '../harness/cluster.ts';
import type { ClusterEvent } from '../harness/resources.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { clientManifest, namespaceManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import { createPlantedSecrets } from '../harness/plantedSecrets.ts';
import { type RealAirflow, startRealAirflow } from '../harness/realAirflow.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';

const PATIENCE = { timeoutMs: 150_000, intervalMs: 1_000 };
const namespace = 'shop';
const secrets = createPlantedSecrets();
const token = secrets.plant('token');
const databases = temporaryDirectory('databases');

let real: RealAirflow;
let cluster: Cluster;

beforeAll(async () => {
  [real, cluster] = await Promise.all([startRealAirflow(GENERATIONS['2.10.5'], token), startCluster()]);
  const { url, username, password, openMetadata } = real.subject;
  await cluster.startOperator({ 'active-poll-seconds': '2', 'idle-poll-seconds': '5' });
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
  databases.remove();
});

describe.concurrent('on a real Airflow 2.10.5', () => {
  test.each([
    [
      'a database that cannot be opened',
      'unopened',
      { type: 'SQLite', databaseMode: '/nonexistent/shop.db', database: 'shop' },
      /unable to open database file/,
    ],
    [
      'a server that refuses the connection',
      'refused',
      {
        type: 'Mysql',
        hostPort: '127.0.0.1:9',
        username: 'shop',
        authType: { password: secrets.plant('mysql') },
      },
      /refused/i,
    ],
  ])('the Warning of a run that failed names the cause: %s', async (_, name, config, cause) => {
    real.subject.openMetadata.addService('databaseServices', {
      name,
      serviceType: config.type,
      connection: { config },
    });
    await declareAndRun(name);

    const [event, ...others] = await seen(name, 'Failed');
    process.stderr.write(`--- ${name}\n${event?.note}\n---\n`);
    expect(others).toEqual([]);
    expect(event?.note).toMatch(cause);
    expect(Buffer.byteLength(event?.note ?? '')).toBeLessThanOrEqual(1024);
    expect(secrets.findLeaks(new Map([['the event', event?.note ?? '']]))).toEqual([]);
    const pipeline = await cluster.pipeline(`${namespace}/${name}`);
    expectReady(pipeline);
    expect(pipeline.status).toMatchObject({ consecutiveFailures: 1, activeRuns: 0 });
    expect(conditionOf(pipeline, 'LastRunSucceeded')).toMatchObject({ status: 'False', reason: 'Failed' });
  });

  test('a pipeline that is deleted during its run is stopped, and nothing of it is left', async () => {
    const file = join(databases.path, 'large.db');
    createLargeDatabase(file);
    real.subject.openMetadata.addService('databaseServices', {
      name: 'large',
      serviceType: 'SQLite',
      connection: { config: { type: 'SQLite', databaseMode: file, database: 'shop' } },
    });
    const key = await declareAndRun('large');
    await eventually(async () => {
      expect((await cluster.pipeline(key)).status).toMatchObject({ lastRun: { state: 'running' } });
    }, PATIENCE);

    const started = Date.now();
    await cluster.kubectl('delete', 'ingestionpipeline', '--namespace=shop', 'large', '--timeout=60s');
    process.stderr.write(`deleted during a run: ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    expect((await real.airflow.cli(['dags', 'details', 'shop_large'])).exitCode).not.toBe(0);
    expect(await cluster.kubectl('get', 'configmaps', '--namespace=shop', '--output=json')).not.toContain(
      'shop_large.json',
    );
    const [event] = await seen('large', 'Deleted');
    expect(event?.note).toContain('shop_large');
  });
});

/** Declares a pipeline of the service of the same name, and asks for a run of it. */
async function declareAndRun(name: string): Promise<string> {
  const annotations = { [ANNOTATIONS.runRequestedAt]: 'now' };
  const service = { type: 'databaseService', name } as const;
  await cluster.apply(pipelineManifest({ namespace, name, annotations }, { service }));
  await eventually(async () => {
    expect((await cluster.pipeline(`${namespace}/${name}`)).status).toMatchObject({
      lastHandledRunRequest: 'now',
    });
  }, PATIENCE);
  return `${namespace}/${name}`;
}

function createLargeDatabase(file: string): void {
  const database = new DatabaseSync(file);
  for (let table = 0; table < 3_000; table += 1) {
    database.exec(`CREATE TABLE orders_${table} (id INTEGER PRIMARY KEY, customer INTEGER)`);
  }
  database.close();
}

function seen(name: string, reason: string): Promise<ClusterEvent[]> {
  return eventually(async () => {
    const events = await cluster.eventsOf(`${namespace}/${name}`, reason);
    expect(events).not.toEqual([]);
    return events;
  }, PATIENCE);
}
