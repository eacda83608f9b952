import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { IngestionPipeline } from '../../src/api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../../src/api/pipelineServiceClient.ts';
import { mountValues } from '../../src/domain/mountValues.ts';
import { CHART, createHelm, type Helm, type Values } from '../chart/helm.ts';
import { buildImageProgram } from '../chart/imageProgram.ts';
import { findInstallation, type Installation } from '../chart/installation.ts';
import { verbsOf } from '../chart/rights.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import type { FakeAirflow } from '../fakes/airflow/fakeAirflow.ts';
import { startFakeAirflow } from '../fakes/airflow/startFakeAirflow.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { namespaceManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import type { OperatorProcess, Program } from '../harness/operatorProcess.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../openmetadata/standIn.ts';
import { eventually } from '../support/eventually.ts';
import { tellFigure } from '../support/figures.ts';
import { terminalProgress } from '../support/progress.ts';
import { runCommand } from '../support/runCommand.ts';

const PATIENCE = { timeoutMs: 30_000, intervalMs: 200 };
const NAMESPACE = 'openmetadata';
const RELEASE = { release: 'ingestion', namespace: NAMESPACE };
const NAME = 'ingestion-openmetadata-ingestion-operator';
const DEFINITION = 'ingestionpipelines.ingestion.open-metadata.org';
const QUICK = { 'active-poll-seconds': '1', 'idle-poll-seconds': '2' };
const MIB = 1024 * 1024;

let plane: ControlPlane;
let helm: Helm;
let airflow: FakeAirflow;
let openMetadata: OpenMetadataStandIn;
let program: Program;
let values: Values;
let installation: Installation;
let operator: OperatorProcess;

beforeAll(async () => {
  [plane, airflow, openMetadata, program] = await Promise.all([
    startControlPlane({ progress: terminalProgress() }),
    startFakeAirflow({ generation: '2.10.5', password: 'airflow-password', openMetadata: 'ask' }),
    startOpenMetadata({ version: '1.10.2', token: 'bot-token' }),
    buildImageProgram(),
  ]);
  openMetadata.addService('databaseServices', { name: 'shop', serviceType: 'SQLite' });
  helm = await createHelm(plane.directory, plane);
  await apply(
    namespaceManifest(NAMESPACE, { 'pod-security.kubernetes.io/enforce': 'restricted' }),
    secretManifest(
      { namespace: NAMESPACE, name: 'airflow-secrets' },
      { 'openmetadata-airflow-password': 'airflow-password' },
    ),
    secretManifest({ namespace: NAMESPACE, name: 'openmetadata-bot' }, { token: 'bot-token' }),
  );
  values = {
    pipelineServiceClientConfig: {
      enabled: true,
      metadataApiEndpoint: openMetadata.url,
      airflow: { apiEndpoint: airflow.url },
      openMetadata: { jwtToken: { secretRef: 'openmetadata-bot' } },
    },
  };
});

afterAll(async () => {
  await operator?.stop();
  await plane?.stop();
  await Promise.all([airflow, openMetadata].map((part) => part?.stop()));
});

async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await plane.kubectl(args);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

async function apply(...objects: readonly object[]): Promise<void> {
  await plane.apply(objects.map((object) => stringify(object)).join('---\n'));
}

async function pipeline(name: string, namespace = NAMESPACE): Promise<IngestionPipeline> {
  const text = await kubectl('get', 'ingestionpipeline', name, '--namespace', namespace, '--output=json');
  return IngestionPipeline.parse(JSON.parse(text));
}

async function client(): Promise<PipelineServiceClient> {
  const text = await kubectl(
    'get',
    'pipelineserviceclient',
    'default',
    '--namespace',
    NAMESPACE,
    '--output=json',
  );
  return PipelineServiceClient.parse(JSON.parse(text));
}

/** Without a client named: the chart's is called "default". */
function orders(namespace = NAMESPACE): object {
  return pipelineManifest({ namespace, name: 'orders' }, { clientRef: undefined });
}

test('is installed with nothing but the name of a Secret, with the client of its values', async () => {
  const notes = await helm.release('install', { ...RELEASE, values });
  const [, official, community] =
    /^From 1\.11\.3 on:\n(.*?)^Up to 1\.11\.2:\n(.*?)^Where/ms.exec(notes) ?? [];
  const shards = { configMapName: 'dag-generated-configs', shards: 16, environment: [] };
  expect(parse(official ?? '')).toEqual(mountValues({ chart: 'official', ...shards }));
  expect(parse(community ?? '')).toMatchObject({
    airflow: { airflow: { extraVolumeMounts: [{ mountPath: '/opt/airflow/dags/dag_generated_configs' }] } },
  });
  await kubectl('wait', '--for=condition=Established', 'crd', DEFINITION, '--timeout=30s');
  expect((await client()).spec).toMatchObject({ apiEndpoint: airflow.url, auth: { username: 'admin' } });
});

test('takes little room in the cluster', async () => {
  const selector = '--selector=owner=helm,name=ingestion';
  const text = await kubectl('get', 'secrets', '--namespace', NAMESPACE, selector, '--output=json');
  expect(text.length).toBeGreaterThan(1000);
  expect(text.length).toBeLessThan(MIB / 4);
  tellFigure('Secret of the release', `${Math.round(text.length / 1024)} KiB`);
});

test('the bundle of the image starts under its rights and makes the client ready', async () => {
  installation = await findInstallation(plane, NAMESPACE, NAME);
  operator = await installation.start(program, QUICK);
  tellFigure('start of the bundle until ready', `${operator.startMilliseconds} ms`);
  await eventually(async () => {
    expect(conditionOf(await client(), 'Ready')).toMatchObject({ status: 'True' });
  }, PATIENCE);
});

test('the bundle has the loader that Airflow reads mounted documents with', async () => {
  const jsonpath = '--output=jsonpath={.data.loader-00\\.py}';
  await eventually(async () => {
    const shard = await kubectl(
      'get',
      'configmap',
      'dag-generated-configs-00',
      '--namespace',
      NAMESPACE,
      jsonpath,
    );
    expect(shard).toBe(readFileSync(join(CHART, '../../loader/dag_loader.py'), 'utf8'));
  }, PATIENCE);
});

test('a pipeline that names no client becomes ready, runs, and is removed again', async () => {
  await apply(orders(), pipelineManifest({ namespace: NAMESPACE, name: 'gone' }, { clientRef: undefined }));
  await eventually(async () => expectReady(await pipeline('orders')), PATIENCE);
  await eventually(async () => expectReady(await pipeline('gone')), PATIENCE);
  const request = 'ingestion.open-metadata.org/run-requested-at=now';
  await kubectl('annotate', 'ingestionpipeline', 'orders', '--namespace', NAMESPACE, request);
  await eventually(async () => {
    expect((await pipeline('orders')).status).toMatchObject({ lastRun: { state: 'success' } });
  }, PATIENCE);
  await kubectl('delete', 'ingestionpipeline', 'gone', '--namespace', NAMESPACE, '--timeout=30s');
  expect(airflow.dag('openmetadata_gone')).toBeUndefined();
});

/** Rights that the life of a plain pipeline has no use for. */
const FOR_OTHER_SITUATIONS: Readonly<Record<string, string>> = {
  'get configmaps': 'certificates in sslConfig',
  'get namespaces': 'a client that chooses namespaces by labels',
  'patch events.events.k8s.io': 'an event that happens again',
};

test('it was refused nothing, and has no right without use', async () => {
  expect(installation.refusals()).toEqual([]);
  const granted = verbsOf(await helm.render(values, RELEASE));
  const used = installation.usedRights();
  expect(granted.filter((right) => !used.includes(right))).toEqual(Object.keys(FOR_OTHER_SITUATIONS));
});

test('what the test of the release runs succeeds while the operator is ready, and only then', async () => {
  const manifests = await helm.render(values, RELEASE);
  const pod = z
    .object({
      spec: z.object({
        containers: z.tuple([z.object({ command: z.array(z.string()), args: z.array(z.string()) })]),
      }),
    })
    .parse(manifests.find(({ kind }) => kind === 'Pod'));
  const [{ command, args }] = pod.spec.containers;
  async function runAgainst(url: string): Promise<number> {
    const env = { ...process.env, OPERATOR_URL: url };
    return (await runCommand(process.execPath, [...command.slice(1), ...args], { env })).exitCode;
  }
  expect(await runAgainst(operator.metricsUrl.replace('/metrics', ''))).toBe(0);
  expect(await runAgainst(airflow.url)).not.toBe(0);
});

test('dashboard and alerts ask for metrics that there are', async () => {
  const metrics = await (await fetch(operator.metricsUrl)).text();
  const known = [...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  const watched = { prometheusRule: { enabled: true }, dashboard: { enabled: true } };
  const queries = await helm.text({ metrics: watched });
  const asked = new Set(
    queries.match(/\b(?:controller_runtime|workqueue|leader_election|ingestion_airflow)_\w+/g),
  );
  const missing = [...asked].filter((name) => !known.includes(name.replace(/_(bucket|count|sum)$/, '')));
  expect(asked.size).toBeGreaterThan(8);
  expect(missing).toEqual([]);
  // What the queries take for a call that went well.
  expect(metrics).toMatch(/ingestion_airflow_call_duration_seconds_count\{.*result="ok"/);
});

test('an upgrade brings changed definitions and changed values, and leaves pipelines alone', async () => {
  const chart = join(plane.directory, 'newer-chart');
  cpSync(CHART, chart, { recursive: true });
  addColumn(join(chart, 'files', 'crds', `${DEFINITION}.yaml`));
  const before = await pipeline('orders');

  await helm.release('upgrade', { ...RELEASE, chart, values: { ...values, replicas: 2 } });

  expect(await kubectl('get', 'ingestionpipelines', '--namespace', NAMESPACE)).toMatch(/^NAME.* GENERATION/);
  expect(
    await kubectl('get', 'deployment', NAME, '--namespace', NAMESPACE, '--output=jsonpath={.spec.replicas}'),
  ).toBe('2');
  expect((await pipeline('orders')).metadata.uid).toBe(before.metadata.uid);
  expect(airflow.deploys('openmetadata_orders')).toHaveLength(1);
});

function addColumn(file: string): void {
  const Definition = z.looseObject({
    spec: z.looseObject({
      versions: z.tuple([z.looseObject({ additionalPrinterColumns: z.array(z.looseObject({})) })]),
    }),
  });
  const definition = Definition.parse(parse(readFileSync(file, 'utf8')));
  const column = { name: 'Generation', type: 'integer', jsonPath: '.metadata.generation' };
  definition.spec.versions[0].additionalPrinterColumns.push(column);
  writeFileSync(file, stringify(definition));
}

test('after an upgrade the client is an object of the release', async () => {
  const { stdout } = await helm.run(['get', 'manifest', RELEASE.release, '--namespace', NAMESPACE]);
  expect(stdout).toContain('kind: PipelineServiceClient');
  await helm.release('upgrade', {
    ...RELEASE,
    values: {
      pipelineServiceClientConfig: {
        ...z.looseObject({}).parse(values['pipelineServiceClientConfig']),
        limits: { deploysPerMinute: 60 },
      },
    },
  });
  expect((await client()).spec.limits).toMatchObject({ deploysPerMinute: 60 });
});

test('uninstalling leaves definitions, client, pipelines and DAGs where they are', async () => {
  await operator.stop();
  const { exitCode, stderr } = await helm.run(['uninstall', RELEASE.release, '--namespace', NAMESPACE]);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(
    await kubectl('get', 'deployments,serviceaccounts', '--namespace', NAMESPACE, '--output=name'),
  ).not.toContain(NAME);
  await kubectl('get', 'crd', DEFINITION);
  expect((await client()).metadata.deletionTimestamp).toBeUndefined();
  expect((await pipeline('orders')).metadata.deletionTimestamp).toBeUndefined();
  expect(airflow.dag('openmetadata_orders')).toMatchObject({ isPaused: false });
});

test('a new installation takes all of it over without a deploy', async () => {
  await helm.release('install', { ...RELEASE, values });
  operator = await (await findInstallation(plane, NAMESPACE, NAME)).start(program, QUICK);
  await kubectl(
    'annotate',
    'ingestionpipeline',
    'orders',
    '--namespace',
    NAMESPACE,
    'ingestion.open-metadata.org/requested-at=again',
  );
  await eventually(async () => {
    expect((await pipeline('orders')).status?.lastHandledReconcileAt).toBe('again');
    expectReady(await pipeline('orders'));
  }, PATIENCE);
  expect(airflow.deploys('openmetadata_orders')).toHaveLength(1);
  await operator.stop();
});

test('a second release serves its namespaces, and has no say in others', async () => {
  const second = { release: 'second', namespace: 'platform' };
  await apply(...['platform', 'team-a', 'team-b'].map((name) => namespaceManifest(name)));
  await helm.release('install', {
    ...second,
    values: {
      crds: { install: false },
      watchNamespaces: ['team-a', NAMESPACE],
      airflowNamespaces: [NAMESPACE],
      operator: { defaultClient: `${NAMESPACE}/default` },
    },
  });
  await kubectl(
    'patch',
    'pipelineserviceclient',
    'default',
    '--namespace',
    NAMESPACE,
    '--type=merge',
    '--patch={"spec":{"allowedNamespaces":{"from":"All"}}}',
  );
  const scoped = await findInstallation(plane, 'platform', 'second-openmetadata-ingestion-operator');
  operator = await scoped.start(program, QUICK);
  await apply(orders('team-a'), orders('team-b'));

  await eventually(async () => expectReady(await pipeline('orders', 'team-a')), PATIENCE);
  expect((await pipeline('orders', 'team-b')).status).toBeUndefined();
  expect(scoped.refusals()).toEqual([]);
});

test('two bundles of the same sources are the same', async () => {
  const first = bundle();
  await buildImageProgram();
  expect(bundle()).toEqual(first);
});

function bundle(): string {
  return readFileSync(join(import.meta.dirname, '../../dist/lib/operator/main.mjs'), 'utf8');
}
