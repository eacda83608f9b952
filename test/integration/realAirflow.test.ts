import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type RunningAirflow, startAirflow } from '../airflow/airflow.ts';
import { ensureAirflowEnvironment } from '../airflow/environment.ts';
import { GENERATIONS } from '../airflow/generations.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../openmetadata/standIn.ts';
import { eventually } from '../support/eventually.ts';
import { terminalProgress } from '../support/progress.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';

const TOKEN = 'the-token-of-the-ingestion-bot';
const DAG = 'orders-metadata';
const Runs = z.array(z.object({ pipelineState: z.string() }));

const progress = terminalProgress();
const cleanups: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  for (const generation of Object.values(GENERATIONS)) await ensureAirflowEnvironment(generation, progress);
});

afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).toReversed()) await cleanUp();
});

test.each(Object.values(GENERATIONS))(
  'Airflow $airflow runs a deployed pipeline that brings the tables of a database to OpenMetadata',
  async (generation) => {
    const openMetadata = await startOpenMetadata({ version: generation.openMetadata, token: TOKEN });
    cleanups.push(() => openMetadata.stop());
    const environment = { OPENMETADATA_JWT_TOKEN: TOKEN };
    const airflow = await startAirflow(generation, { environment, progress });
    cleanups.push(() => airflow.stop());
    const { id } = addService(openMetadata, createDatabase());

    await post(airflow, 'deploy', pipelineDocument(openMetadata, id));
    await eventually(() => post(airflow, 'enable', { dag_id: DAG }), { timeoutMs: 60_000 });

    // Where a run begins in the second in which its DAG was parsed, Airflow ends it without its task.
    await eventually(
      async () => {
        expect(await runToEnd(airflow)).toBe('success');
        expect(tablesAt(openMetadata)).toEqual(['shop.orders.main.customers', 'shop.orders.main.orders']);
      },
      { timeoutMs: 100_000 },
    );
    expect(openMetadata.pipelineStatuses(`shop.${DAG}`).at(-1)).toMatchObject({ pipelineState: 'success' });
  },
);

/** A SQLite file with two tables; returns its path. */
function createDatabase(): string {
  const directory = temporaryDirectory('shop');
  cleanups.push(() => directory.remove());
  const file = join(directory.path, 'shop.db');
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)');
  database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers)');
  database.close();
  return file;
}

function addService(openMetadata: OpenMetadataStandIn, file: string): { readonly id: string } {
  const config = { type: 'SQLite', databaseMode: file, database: 'orders' };
  return openMetadata.addService('databaseServices', {
    name: 'shop',
    serviceType: 'SQLite',
    connection: { config },
  });
}

function tablesAt(openMetadata: OpenMetadataStandIn): string[] {
  return openMetadata
    .entities('tables')
    .map((table) => table.fullyQualifiedName)
    .toSorted();
}

function pipelineDocument(openMetadata: OpenMetadataStandIn, serviceId: string): Record<string, unknown> {
  return {
    id: randomUUID(),
    name: DAG,
    fullyQualifiedName: `shop.${DAG}`,
    pipelineType: 'metadata',
    updatedAt: Date.now(),
    service: { id: serviceId, type: 'databaseService', name: 'shop' },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
    airflowConfig: { pausePipeline: true },
    openMetadataServerConnection: {
      hostPort: openMetadata.url,
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: '${OPENMETADATA_JWT_TOKEN}' },
      secretsManagerProvider: 'db',
    },
  };
}

async function runToEnd(airflow: RunningAirflow): Promise<string | undefined> {
  await eventually(() => post(airflow, 'trigger', { dag_id: DAG }), { timeoutMs: 60_000, intervalMs: 500 });
  return eventually(
    async () => {
      const state = await lastState(airflow);
      expect(state).toMatch(/^(?:success|failed)$/);
      return state;
    },
    { timeoutMs: 90_000, intervalMs: 500 },
  );
}

async function lastState(airflow: RunningAirflow): Promise<string | undefined> {
  return Runs.parse(await call(airflow, `status?dag_id=${DAG}`))[0]?.pipelineState;
}

function post(airflow: RunningAirflow, operation: string, body: unknown): Promise<unknown> {
  return call(airflow, operation, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function call(airflow: RunningAirflow, path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = new Headers(init.headers);
  const credentials = Buffer.from(`${airflow.username}:${airflow.password}`).toString('base64');
  headers.set('authorization', `Basic ${credentials}`);
  const response = await fetch(`${airflow.url}${airflow.generation.pluginPath}/${path}`, {
    ...init,
    headers,
  });
  const body = await response.text();
  expect(response.status, `${path}: ${body}`).toBe(200);
  return JSON.parse(body);
}
