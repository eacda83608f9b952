import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureKubeStateMetrics } from '../gitops/binaries.ts';
import { DEPLOY } from '../gitops/readers.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { namespaceManifest, pipelineManifest } from '../harness/manifests.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import type { ManagedProcess } from '../support/processes.ts';
import { terminalProgress } from '../support/progress.ts';
import { startReadyProcess } from '../support/waitUntilReady.ts';

const PATIENCE = { timeoutMs: 30_000, intervalMs: 200 };
const FOLDER = join(DEPLOY, 'kube-state-metrics');
const ACCOUNT = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { namespace: 'monitoring', name: 'kube-state-metrics' },
};

let world: FakeWorld;
let process_: ManagedProcess;
let url: string;

beforeAll(async () => {
  const executable = await ensureKubeStateMetrics(terminalProgress());
  world = await startFakeWorld({ generation: '3.3.0', registrationDelayMilliseconds: 300 });
  await world.cluster.startOperator({ 'active-poll-seconds': '1', 'idle-poll-seconds': '1' });
  await startKubeStateMetrics(executable);
});

afterAll(async () => {
  await process_?.stop();
  await world?.stop();
});

/** With no other rights than those beside its settings. */
async function startKubeStateMetrics(executable: string): Promise<void> {
  const { plane, apply } = world.cluster;
  await apply(namespaceManifest('monitoring'), ACCOUNT);
  await plane.apply(readFileSync(join(FOLDER, 'rbac.yaml'), 'utf8'));
  const kubeconfig = await plane.serviceAccountKubeconfig('monitoring', 'kube-state-metrics');
  const [port, telemetryPort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}/metrics`;
  const flags = {
    'custom-resource-state-only': true,
    'custom-resource-state-config-file': join(FOLDER, 'custom-resource-state.yaml'),
    kubeconfig,
    host: '127.0.0.1',
    port,
    'telemetry-host': '127.0.0.1',
    'telemetry-port': telemetryPort,
  };
  process_ = await startReadyProcess(
    {
      name: 'kube-state-metrics',
      command: executable,
      args: Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      logFile: join(plane.directory, 'kube-state-metrics.log'),
    },
    async () => (await fetch(url)).ok,
    { timeoutMs: 60_000 },
  );
}

/** The values of the metrics of one object by name and remaining labels, such as `info{client="airflow"}`. */
async function metricsOf(kind: string, namespace: string, name: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const samples = text.matchAll(/^kube_(\w+?)_(\w+)\{(.*)\} (\S+)$/gm);
  const values = new Map<string, number>();
  for (const [, of, metric, labels = '', value] of samples) {
    if (of !== kind || !labels.includes(`name="${name}"`) || !labels.includes(`namespace="${namespace}"`))
      continue;
    const own = labels
      .split(/,(?=\w+=")/)
      .filter((label) => !/^(customresource_\w+|name|namespace)=/.test(label));
    values.set(own.length === 0 ? `${metric}` : `${metric}{${own.join(',')}}`, Number(value));
  }
  return values;
}

function secondsOf(time: string | undefined): number {
  return Date.parse(time ?? '') / 1000;
}

test('tells of a pipeline what it is, how it is, and how it ran', async () => {
  const { cluster, airflow } = world;
  const namespace = 'metrics';
  await world.createNamespace(namespace);
  await cluster.apply(
    pipelineManifest({ namespace, name: 'orders' }, { airflowConfig: { scheduleInterval: '0 3 * * *' } }),
  );
  await eventually(async () => expectReady(await cluster.pipeline('metrics/orders')), PATIENCE);
  airflow.finishRun('metrics_orders', 'failed', airflow.startScheduledRun('metrics_orders'));
  await eventually(async () => {
    expect(conditionOf(await cluster.pipeline('metrics/orders'), 'LastRunSucceeded')?.status).toBe('False');
  }, PATIENCE);

  const { metadata, status } = await cluster.pipeline('metrics/orders');
  const hash = status?.deployed?.hash ?? '';
  const expected: Record<string, number> = {
    'info{client="airflow",client_namespace="metrics",dag_id="metrics_orders",pipeline_type="metadata",schedule="0 3 * * *",service="shop",service_type="databaseService"}': 1,
    created: secondsOf(metadata.creationTimestamp),
    metadata_generation: 1,
    status_observed_generation: 1,
    spec_suspend: 0,
    'status_condition{reason="ReconcileSucceeded",status="True",type="Ready"}': 1,
    'status_condition{reason="Failed",status="False",type="LastRunSucceeded"}': 0,
    [`status_deployed_info{delivery="ManagedAPI",hash="${hash}"}`]: 1,
    status_deployed_time: secondsOf(status?.deployed?.time),
    'status_last_run_state{state="failed"}': 1,
    'status_last_run_state{state="success"}': 0,
    status_last_run_start_time: secondsOf(status?.lastRun?.startTime),
    status_last_run_end_time: secondsOf(status?.lastRun?.endTime),
    status_last_run_duration_seconds: status?.lastRun?.durationSeconds ?? -1,
    status_next_run_time: secondsOf(status?.nextRunTime),
    status_consecutive_failures: 1,
    status_active_runs: 0,
  };
  await eventually(async () => {
    const found = Object.fromEntries(await metricsOf('ingestionpipeline', namespace, 'orders'));
    expect(found).toMatchObject(expected);
    expect(found).not.toHaveProperty('status_last_successful_time');
  }, PATIENCE);

  await cluster.apply(pipelineManifest({ namespace, name: 'orders' }, { suspend: true }));
  await eventually(async () => {
    const found = await metricsOf('ingestionpipeline', namespace, 'orders');
    expect(found.get('spec_suspend')).toBe(1);
    expect(found.has('status_next_run_time')).toBe(false);
  }, PATIENCE);
});

test('tells of a client what answers there, and how its pipelines are', async () => {
  const { cluster } = world;
  const namespace = 'clientmetrics';
  await world.createNamespace(namespace);
  await cluster.apply(
    pipelineManifest({ namespace, name: 'good' }),
    pipelineManifest(
      { namespace, name: 'wrong' },
      { sourceConfig: { config: { type: 'DatabaseMetadata', no: 1 } } },
    ),
  );
  const { servers } = world;

  await eventually(async () => {
    const found = Object.fromEntries(await metricsOf('pipelineserviceclient', namespace, 'airflow'));
    expect(found).toMatchObject({
      [`info{airflow_version="3.3.0",endpoint="${servers.airflowUrl}",openmetadata_version="2.0.5",plugin_version="2.0.5.1"}`]: 1,
      'status_condition{reason="ReconcileSucceeded",status="True",type="Ready"}': 1,
      'status_pipelines{state="total"}': 2,
      'status_pipelines{state="ready"}': 1,
      'status_pipelines{state="stalled"}': 1,
    });
  }, PATIENCE);
});

test('needs no right that is not given, and understands every setting', () => {
  const log = readFileSync(join(world.cluster.plane.directory, 'kube-state-metrics.log'), 'utf8');
  expect(log.match(/^E\d.*|.*(forbidden|failed to).*/gm)).toBeNull();
});
