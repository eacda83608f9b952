import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ANNOTATIONS } from '../../src/api/group.ts';
import type { FakeAirflow } from '../fakes/airflow/fakeAirflow.ts';
import { createReaders, type Readers, Resource } from '../gitops/readers.ts';
import { operatorWrites } from '../harness/auditedWrites.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { clientManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { eventually } from '../support/eventually.ts';

const PATIENCE = { timeoutMs: 30_000, intervalMs: 200 };
/** How long a client's fault lasts before it takes a person, and then some. */
const STALLED = { timeoutMs: 180_000, intervalMs: 1_000 };
const FAULTY_CLIENT = { namespace: 'clients', name: 'faulty' };

let world: FakeWorld;
let operator: OperatorProcess;
let readers: Readers;

beforeAll(async () => {
  [world, readers] = await Promise.all([
    startFakeWorld({ generation: '3.3.0', registrationDelayMilliseconds: 300 }),
    createReaders(),
  ]);
  operator = await world.cluster.startOperator({
    'active-poll-seconds': '1',
    'idle-poll-seconds': '1',
    'resync-seconds': '1',
    'secret-refresh-seconds': '2',
  });
  await world.createNamespace('clients');
  const password = { secretRef: 'missing', secretKey: 'password' };
  const auth = { username: world.servers.username, password };
  await world.cluster.apply(clientManifest(FAULTY_CLIENT, world.servers, { auth }));
});

afterAll(async () => {
  await world?.stop();
});

/** A namespace with an Airflow of its own. */
async function createSite(namespace: string): Promise<FakeAirflow> {
  const airflow = await world.startAirflow();
  await world.createNamespace(namespace, airflow);
  return airflow;
}

async function createReady(namespace: string, spec: object = {}): Promise<void> {
  await world.cluster.apply(pipelineManifest({ namespace, name: 'orders' }, { ...spec }));
  await eventually(async () => expectReady(await world.cluster.pipeline(`${namespace}/orders`)), PATIENCE);
}

async function resource(kind: string, namespace: string, name: string): Promise<Resource> {
  const json = await world.cluster.kubectl('get', kind, `--namespace=${namespace}`, name, '-o=json');
  return Resource.parse(JSON.parse(json));
}

/** What the API server answers to a write, before any operator can have seen it. */
async function answerTo(manifest: object): Promise<Resource> {
  const stdin = stringify(manifest);
  const { stdout, stderr } = await world.cluster.plane.kubectl(['apply', '-o=json', '-f=-'], { stdin });
  expect(stderr).toBe('');
  return Resource.parse(JSON.parse(stdout));
}

/** What kstatus says, what Flux with the checks in deploy/flux, and what Argo CD. */
async function verdicts(of: Resource): Promise<string> {
  const [kstatus, flux, argo] = await Promise.all([
    readers.kstatus(of),
    readers.fluxStatus(of),
    readers.health(of),
  ]);
  return [kstatus, flux, argo.status].join(', ');
}

function untilPipeline(namespace: string, type: string, status: string): Promise<void> {
  return eventually(async () => {
    expect(conditionOf(await world.cluster.pipeline(`${namespace}/orders`), type)).toMatchObject({ status });
  }, PATIENCE);
}

function untilClient(key: string, type: string, status: string, patience = PATIENCE): Promise<void> {
  return eventually(async () => {
    expect(conditionOf(await world.cluster.client(key), type)).toMatchObject({ status });
  }, patience);
}

describe('what Flux and Argo CD make of a pipeline that is', () => {
  function of(namespace: string): Promise<Resource> {
    return resource('ingestionpipeline', namespace, 'orders');
  }

  test('new, then being deployed, and then ready', async () => {
    const airflow = await createSite('fresh');
    airflow.setFault({ kind: 'hang', when: 'after' }, { path: '/deploy' }, 1);

    const created = await answerTo(pipelineManifest({ namespace: 'fresh', name: 'orders' }));
    // Without any status kstatus takes it for done, which the checks for Flux prevent.
    expect(await verdicts(created)).toBe('Current, Unknown, Progressing');
    await untilPipeline('fresh', 'Reconciling', 'True');
    expect(await verdicts(await of('fresh'))).toBe('InProgress, InProgress, Progressing');
  });

  test('ready, and then edited', async () => {
    await world.createNamespace('edited');
    await createReady('edited');
    expect(await verdicts(await of('edited'))).toBe('Current, Current, Healthy');

    const edit = pipelineManifest({ namespace: 'edited', name: 'orders' }, { description: 'Changed.' });
    expect(await verdicts(await answerTo(edit))).toBe('InProgress, InProgress, Progressing');
    await eventually(async () => expectReady(await world.cluster.pipeline('edited/orders')), PATIENCE);
    expect(await verdicts(await of('edited'))).toBe('Current, Current, Healthy');
  });

  test('wrong in a way that only a person can put right', async () => {
    await world.createNamespace('wrong');
    const config = { type: 'DatabaseMetadata', tableFilterPatern: {} };
    await world.cluster.apply(
      pipelineManifest({ namespace: 'wrong', name: 'orders' }, { sourceConfig: { config } }),
    );
    await untilPipeline('wrong', 'Stalled', 'True');
    expect(await verdicts(await of('wrong'))).toBe('Failed, Failed, Degraded');
    expect((await readers.health(await of('wrong'))).message).toContain('did you mean tableFilterPattern');
  });

  test('refused by an Airflow that has a bad moment', async () => {
    const airflow = await createSite('transient');
    const fault = { kind: 'answer', status: 503, body: 'overloaded' } as const;
    airflow.setFault(fault, { path: '/deploy' });
    await world.cluster.apply(pipelineManifest({ namespace: 'transient', name: 'orders' }));
    await untilPipeline('transient', 'Deployed', 'False');
    expect(await verdicts(await of('transient'))).toBe('InProgress, InProgress, Progressing');

    airflow.clearFaults();
    await untilPipeline('transient', 'Ready', 'True');
    expect(await verdicts(await of('transient'))).toBe('Current, Current, Healthy');
  });

  test('ready while its Airflow is down, and deleted then', async () => {
    const airflow = await createSite('down');
    await createReady('down');
    airflow.setFault({ kind: 'reset', when: 'before' });
    await world.cluster.apply(pipelineManifest({ namespace: 'down', name: 'customers' }));
    await untilClient('down/airflow', 'Reachable', 'False');
    expect(await verdicts(await of('down'))).toBe('Current, Current, Healthy');
    expect(await verdicts(await resource('pipelineserviceclient', 'down', 'airflow'))).toBe(
      'InProgress, InProgress, Progressing',
    );

    await world.cluster.deletePipeline('down/orders');
    await untilPipeline('down', 'Ready', 'False');
    expect(await verdicts(await of('down'))).toBe('Terminating, InProgress, Progressing');
    expect((await readers.health(await of('down'))).message).toMatch(/^Is being removed from Airflow: /);

    airflow.clearFaults();
    const gone = ['--for=delete', '--timeout=60s', '--namespace=down', 'ingestionpipeline/orders'];
    await world.cluster.kubectl('wait', ...gone);
  });

  test('suspended, or left alone', async () => {
    await world.createNamespace('suspended');
    await createReady('suspended', { suspend: true });
    expect(await verdicts(await of('suspended'))).toBe('Current, Current, Suspended');

    const paused = { [ANNOTATIONS.paused]: 'true' };
    await world.cluster.annotate('suspended/orders', paused);
    await untilPipeline('suspended', 'Paused', 'True');
    const edited = await answerTo(
      pipelineManifest({ namespace: 'suspended', name: 'orders', annotations: paused }, { suspend: false }),
    );
    expect(await verdicts(edited)).toBe('InProgress, InProgress, Suspended');
  });

  test('ready with a failed run', async () => {
    const airflow = await createSite('failed');
    await createReady('failed');
    const runId = airflow.startScheduledRun('failed_orders');
    airflow.finishRun('failed_orders', 'failed', runId);
    await untilPipeline('failed', 'LastRunSucceeded', 'False');
    expect(await verdicts(await of('failed'))).toBe('Current, Current, Healthy');
    expect((await readers.health(await of('failed'))).message).toContain('The last run failed: ');
  });
});

describe('what they make of a client that is', () => {
  function of(name: string): Promise<Resource> {
    return resource('pipelineserviceclient', 'clients', name);
  }

  test('new, ready, edited, checked on request, and deleted while it is in use', async () => {
    const manifest = clientManifest({ namespace: 'clients', name: 'other' }, world.servers);
    expect(await verdicts(await answerTo(manifest))).toBe('Current, Unknown, Progressing');
    await untilClient('clients/other', 'Ready', 'True');
    expect(await verdicts(await of('other'))).toBe('Current, Current, Healthy');

    const edit = clientManifest({ namespace: 'clients', name: 'other' }, world.servers, { timeout: 20 });
    expect(await verdicts(await answerTo(edit))).toBe('InProgress, InProgress, Progressing');
    await eventually(async () => {
      const client = await world.cluster.client('clients/other');
      expect(client.status?.observedGeneration).toBe(client.metadata.generation);
    }, PATIENCE);

    const patch = await readers.patchOf(await of('other'), 'reconcile');
    await world.cluster.kubectl(
      'patch',
      'psc',
      '--namespace=clients',
      'other',
      '--type=merge',
      `--patch=${patch}`,
    );
    await eventually(async () => {
      const { metadata, status } = await world.cluster.client('clients/other');
      expect(metadata.annotations?.[ANNOTATIONS.requestedAt]).toBeDefined();
      expect(status?.lastHandledReconcileAt).toBe(metadata.annotations?.[ANNOTATIONS.requestedAt]);
    }, PATIENCE);

    await createReady('clients', { clientRef: { name: 'other' } });
    await world.cluster.kubectl('delete', 'psc', '--wait=false', '--namespace=clients', 'other');
    await untilClient('clients/other', 'InUse', 'True');
    await eventually(async () => {
      expect((await readers.health(await of('other'))).message).toContain('clients/orders');
    }, PATIENCE);
    expect(await verdicts(await of('other'))).toBe('Terminating, InProgress, Progressing');
  });
});

describe('people who keep their pipelines in Git', () => {
  const PIPELINE = { namespace: 'git', name: 'orders' };
  const manifest = pipelineManifest(PIPELINE, {
    airflowConfig: { scheduleInterval: '0 3 * * *' },
    description: 'Orders.',
  });

  beforeAll(async () => {
    await world.createNamespace('git');
  });

  async function kubectl(
    args: readonly string[],
    object: object,
  ): ReturnType<typeof world.cluster.plane.kubectl> {
    return world.cluster.plane.kubectl([...args, '-f=-'], { stdin: stringify(object) });
  }

  test('can wait for it, and see no difference to what they applied', async () => {
    await world.cluster.apply(manifest);
    const ready = ['--for=condition=Ready', '--timeout=30s', '--namespace=git', 'ingestionpipeline/orders'];
    await world.cluster.kubectl('wait', ...ready);

    for (const object of [manifest, clientManifest({ namespace: 'git', name: 'airflow' }, world.servers)]) {
      expect(await kubectl(['diff'], object)).toEqual({ stdout: '', stderr: '', exitCode: 0 });
      const sameFields = ['diff', '--server-side', '--field-manager=kubectl-client-side-apply'];
      expect(await kubectl(sameFields, object)).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    }
    const changed = pipelineManifest(PIPELINE, { description: 'Others.' });
    expect((await kubectl(['diff'], changed)).exitCode).toBe(1);
  });

  test('can share it with other managers of fields, which do not take theirs by accident', async () => {
    const serverSide = ['apply', '--server-side', '--field-manager=git'];
    expect(await kubectl([...serverSide, '--force-conflicts'], manifest)).toMatchObject({ exitCode: 0 });
    const { apiVersion, kind } = z.object({ apiVersion: z.string(), kind: z.string() }).parse(manifest);
    const second = ['apply', '--server-side', '--field-manager=second'];
    const own = {
      apiVersion,
      kind,
      metadata: { ...PIPELINE, labels: { team: 'data' } },
      spec: { runHistoryLimit: 3 },
    };
    expect(await kubectl(second, own)).toMatchObject({ stderr: '', exitCode: 0 });

    const theirs = {
      apiVersion,
      kind,
      metadata: PIPELINE,
      spec: { runHistoryLimit: 3, description: 'Mine.' },
    };
    const { stderr } = await kubectl(second, theirs);
    expect(stderr).toMatch(/conflict.*"git".*\.spec\.description/s);

    await eventually(async () => expectReady(await world.cluster.pipeline('git/orders')), PATIENCE);
    expect(await kubectl([...serverSide, '--dry-run=server'], manifest)).toMatchObject({ exitCode: 0 });
    expect(await kubectl(['diff', '--server-side', '--field-manager=git'], manifest)).toMatchObject({
      exitCode: 0,
    });
  });

  test.each([
    ['ingestionpipeline', 'orders'],
    ['pipelineserviceclient', 'airflow'],
  ])('see that the operator has only the status and the finalizer of their %s', async (kind, name) => {
    const args = ['--namespace=git', name, '-o=json', '--show-managed-fields'];
    const { metadata } = Managed.parse(JSON.parse(await world.cluster.kubectl('get', kind, ...args)));
    const theirs = ['kubectl-client-side-apply', 'git', 'second'];
    const entries = metadata.managedFields.filter(({ manager }) => !theirs.includes(manager));

    const parts = entries.map(({ subresource, fieldsV1 }) => [subresource, ...pathsOf(fieldsV1)].join(' '));
    expect(parts.toSorted()).toEqual([' f:metadata/f:finalizers', 'status f:status'].toSorted());
  });

  test('see no write while nothing changes, however often all is compared', async () => {
    const { cluster } = world;
    await createReady('git');
    await eventually(async () => {
      const { status } = await cluster.client('git/airflow');
      expect(status?.pipelines).toEqual({ total: 1, ready: 1, stalled: 0 });
    }, PATIENCE);
    const before = await versionsIn('git');
    const writes = operatorWrites(cluster.plane.auditLog, 'git').length;
    const compared = await reconciles('ingestionpipeline');
    // Others, which wait or stand still, are compared less often than those in question.
    const tenEach = 10 * (await cluster.pipelines()).length;

    await eventually(
      async () => expect((await reconciles('ingestionpipeline')) - compared).toBeGreaterThanOrEqual(tenEach),
      { timeoutMs: 60_000, intervalMs: 500 },
    );

    expect(before.filter((line) => line.startsWith('ConfigMap'))).not.toEqual([]);
    expect(await versionsIn('git')).toEqual(before);
    await touchClient('git', 10);
    expect(operatorWrites(cluster.plane.auditLog, 'git').slice(writes)).toEqual([]);
    const home = operatorWrites(cluster.plane.auditLog, 'openmetadata-ingestion-operator');
    expect(home.filter((write) => !/^(create|patch) leases\//.test(write))).toEqual([]);
  });

  test('can wait for its end', async () => {
    await world.cluster.kubectl('delete', 'ingestionpipeline', '--namespace=git', '--wait=false', 'orders');
    const gone = ['--for=delete', '--timeout=30s', '--namespace=git', 'ingestionpipeline/orders'];
    await world.cluster.kubectl('wait', ...gone);
    expect(await world.cluster.hasPipeline('git/orders')).toBe(false);
  });
});

test('the actions of Argo CD suspend a pipeline, resume it, run it, and ask for a look', async () => {
  const { cluster } = world;
  const namespace = 'actions';
  const key = `${namespace}/orders`;
  const airflow = await createSite(namespace);
  await createReady(namespace);

  async function take(action: string): Promise<void> {
    const before = await resource('ingestionpipeline', namespace, 'orders');
    expect((await readers.actions(before))[action]).toMatchObject({ disabled: false });
    const patch = await readers.patchOf(before, action);
    await cluster.kubectl(
      'patch',
      'ingp',
      `--namespace=${namespace}`,
      'orders',
      '--type=merge',
      `--patch=${patch}`,
    );
  }

  await take('suspend');
  await eventually(() => expect(airflow.dag('actions_orders')).toMatchObject({ isPaused: true }), PATIENCE);
  await take('resume');
  await eventually(() => expect(airflow.dag('actions_orders')).toMatchObject({ isPaused: false }), PATIENCE);
  await take('run');
  await eventually(() => expect(airflow.runs('actions_orders')).toHaveLength(1), PATIENCE);
  await take('reconcile');
  await eventually(async () => {
    const { metadata, status } = await cluster.pipeline(key);
    const asked = metadata.annotations?.[ANNOTATIONS.requestedAt];
    expect(asked).toBeDefined();
    expect(status?.lastHandledReconcileAt).toBe(asked);
  }, PATIENCE);
  await eventually(async () => expectReady(await cluster.pipeline(key)), PATIENCE);
});

test('a client whose fault has lasted is for a person to put right, and then all is well', async () => {
  const { namespace, name } = FAULTY_CLIENT;
  await untilClient(`${namespace}/${name}`, 'Stalled', 'True', STALLED);
  const faulty = await resource('pipelineserviceclient', namespace, name);
  expect(await verdicts(faulty)).toBe('Failed, Failed, Degraded');
  expect((await readers.health(faulty)).message).toContain('missing');

  const { password } = world.airflow;
  await world.cluster.apply(secretManifest({ namespace, name: 'missing' }, { password }));
  await untilClient(`${namespace}/${name}`, 'Ready', 'True', STALLED);
  expect(await verdicts(await resource('pipelineserviceclient', namespace, name))).toBe(
    'Current, Current, Healthy',
  );
});

const Managed = z.object({
  metadata: z.object({
    managedFields: z.array(
      z.object({
        manager: z.string(),
        subresource: z.string().default(''),
        fieldsV1: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
});

/** `f:status`, or `f:metadata/f:finalizers`: what is owned, to the second level of the metadata. */
function pathsOf(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([field, below]) =>
    field === 'f:metadata'
      ? Object.keys(z.record(z.string(), z.unknown()).parse(below)).map((key) => `${field}/${key}`)
      : [field],
  );
}

/** Kind, name and version of all that the operator could write in a namespace. */
async function versionsIn(namespace: string): Promise<string[]> {
  const columns = 'custom-columns=:kind,:metadata.name,:metadata.resourceVersion';
  const kinds = 'ingestionpipelines,pipelineserviceclients,configmaps,secrets,events.events.k8s.io';
  const table = await world.cluster.kubectl(
    'get',
    kinds,
    `--namespace=${namespace}`,
    '-o',
    columns,
    '--no-headers',
  );
  return table
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' '));
}

/** Changes an annotation that means nothing to the operator, and waits each time until it has looked. */
async function touchClient(namespace: string, times: number): Promise<void> {
  for (let time = 1; time <= times; time += 1) {
    const before = await reconciles('pipelineserviceclient');
    const annotation = `example.org/touched=${time}`;
    await world.cluster.kubectl(
      'annotate',
      '--overwrite',
      'psc',
      `--namespace=${namespace}`,
      'airflow',
      annotation,
    );
    await eventually(
      async () => expect(await reconciles('pipelineserviceclient')).toBeGreaterThan(before),
      PATIENCE,
    );
  }
}

/** How many reconciles this controller has done since the operator was started. */
async function reconciles(controller: string): Promise<number> {
  const text = await (await fetch(operator.metricsUrl)).text();
  const pattern = new RegExp(
    `^controller_runtime_reconcile_total\\{controller="${controller}".*\\} (\\d+)$`,
    'gm',
  );
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}
