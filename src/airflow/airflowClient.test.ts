import { afterEach, describe, expect, test } from 'vitest';
import { inspect } from 'node:util';
import type { FakeAirflow, FakeAirflowOptions } from '../../test/fakes/airflow/fakeAirflow.ts';
import { startFakeAirflow } from '../../test/fakes/airflow/startFakeAirflow.ts';
import { SecretValue } from '../domain/secretValue.ts';
import type { Airflow } from './airflow.ts';
import { createAirflow } from './airflowClient.ts';
import { AirflowError, type AirflowErrorKind } from './airflowError.ts';

const signal = new AbortController().signal;
const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) {
    await cleanUp();
  }
});

async function start(
  options: Partial<FakeAirflowOptions> = {},
  client: { timeout?: number; password?: string } = {},
): Promise<{ fake: FakeAirflow; airflow: Airflow; calls: string[] }> {
  const fake = await startFakeAirflow({ generation: '3.3.0', ...options });
  const calls: string[] = [];
  const airflow = createAirflow({
    endpoint: fake.url,
    username: 'admin',
    password: new SecretValue(client.password ?? 'admin'),
    tls: { verify: 'no-ssl' },
    timeoutMilliseconds: client.timeout ?? 5_000,
    deployTimeoutMilliseconds: client.timeout ?? 5_000,
    onCall: (verb, result) => calls.push(`${verb} ${result}`),
  });
  cleanUps.push(
    () => fake.stop(),
    () => airflow.close(),
  );
  return { fake, airflow, calls };
}

function document(name: string): string {
  return JSON.stringify({
    name,
    pipelineType: 'metadata',
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
    airflowConfig: { pausePipeline: true },
    service: { id: 'an-id', type: 'databaseService', name: 'shop' },
    openMetadataServerConnection: {
      hostPort: 'http://om/api',
      securityConfig: { jwtToken: 'the.jwt.token' },
    },
  });
}

async function caught(promise: Promise<unknown>): Promise<AirflowError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AirflowError)) {
    throw new Error(`no AirflowError but ${String(error)}`);
  }
  return error;
}

describe('CSRF protection', () => {
  test('a token is fetched once and sent with its cookie on every change', async () => {
    const { fake, airflow } = await start({ requireCsrf: true });

    await airflow.deploy(document('x'), signal);
    await airflow.enable('x', signal);

    expect(fake.dag('x')?.isPaused).toBe(false);
    expect(fake.calls.filter(({ path }) => path.endsWith('/csrf-token'))).toHaveLength(1);
  });

  test('a refused token is fetched anew, once', async () => {
    const { fake, airflow } = await start();
    fake.setFault(
      { kind: 'answer', status: 400, body: '<p>The CSRF session token is missing.</p>' },
      { path: '/deploy' },
      1,
    );

    await airflow.deploy(document('x'), signal);

    expect(fake.deploys('x')).toHaveLength(1);
    expect(fake.calls.filter(({ path }) => path.endsWith('/csrf-token'))).toHaveLength(2);
  });

  test('a token refused twice is an error', async () => {
    const { fake, airflow } = await start();
    fake.setFault(
      { kind: 'answer', status: 400, body: '<p>The CSRF token is missing.</p>' },
      { path: '/deploy' },
    );

    expect(await caught(airflow.deploy(document('x'), signal))).toMatchObject({ kind: 'unexpectedAnswer' });
    expect(fake.calls.filter(({ path }) => path.endsWith('/deploy'))).toHaveLength(2);
  });

  test('a plugin without tokens is called without', async () => {
    const { fake, airflow } = await start();
    fake.setFault({ kind: 'answer', status: 404, body: '{"error":"x"}' }, { path: '/csrf-token' });

    await airflow.deploy(document('x'), signal);

    expect(fake.deploys('x')).toHaveLength(1);
  });

  test('Airflow 2 is never asked for a token', async () => {
    const { fake, airflow } = await start({ generation: '2.10.5' });

    await airflow.deploy(document('x'), signal);

    expect(fake.calls.some(({ path }) => path.endsWith('/csrf-token'))).toBe(false);
  });
});

describe('the token of the core API', () => {
  test('is fetched once', async () => {
    const { fake, airflow } = await start();

    await airflow.listDags(signal);
    await airflow.listRuns({}, signal);

    expect(fake.calls.filter(({ path }) => path === '/auth/token')).toHaveLength(1);
  });

  test.each(['has expired', 'is of another key'])('is fetched anew when it %s', async (how) => {
    const { fake, airflow } = await start({ tokenLifetimeMilliseconds: how === 'has expired' ? 20 : 60_000 });
    await airflow.listDags(signal);
    fake.revokeTokens();
    await new Promise((resolve) => setTimeout(resolve, 30));

    await expect(airflow.listDags(signal)).resolves.toEqual([]);
  });

  test('that cannot be had says invalidCredentials once the password was changed', async () => {
    const { fake, airflow } = await start();
    await airflow.listDags(signal);
    fake.revokeTokens();
    fake.setPassword('changed');

    expect(await caught(airflow.listDags(signal))).toMatchObject({ kind: 'invalidCredentials' });
  });

  test('where none are given, a probe says that the core API is unavailable', async () => {
    const { fake, airflow } = await start();
    fake.setFault({ kind: 'answer', status: 404, body: '{"detail":"Not Found"}' }, { path: '/auth/token' });

    const installation = await airflow.probe(signal);

    expect(installation).toMatchObject({ authentication: 'notEnforced', coreApi: { kind: 'unavailable' } });
    expect(await caught(airflow.listDags(signal))).toMatchObject({ kind: 'coreApiUnavailable' });
  });

  test('without the permission to read DAGs, a probe says that the core API is unavailable', async () => {
    const { fake, airflow } = await start();
    fake.denyPermission('can_read');

    const { coreApi } = await airflow.probe(signal);

    expect(coreApi).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('can_read') });
  });
});

describe('a probe on Airflow 2', () => {
  test.each([
    ['can_create', 'can_read'],
    ['can_read', 'can_create'],
  ] as const)('without %s says so, and speaks of no other permission', async (missing, granted) => {
    const { fake, airflow } = await start({ generation: '2.10.5' });
    fake.denyPermission(missing);

    const error = await caught(airflow.probe(signal));

    expect(error).toMatchObject({
      kind: 'permissionDenied',
      message: expect.stringContaining(`lacks ${missing} on DAGs.`),
    });
    expect(error.message).not.toContain(granted);
  });
});

describe('lists', () => {
  test.each(['2.10.5', '3.3.0'] as const)('of 250 DAGs are read page by page on %s', async (generation) => {
    const { fake, airflow } = await start({ generation });
    for (let index = 0; index < 250; index += 1) {
      fake.addDag({ dagId: `dag-${index}` });
    }
    fake.addDag({ dagId: 'somebody-elses', tags: [] });

    const dags = await airflow.listDags(signal);

    expect(new Set(dags.map(({ dagId }) => dagId)).size).toBe(250);
    expect(fake.calls.filter(({ path }) => path.endsWith('/dags'))).toHaveLength(3);
  });

  test('show also the DAGs whose file is gone', async () => {
    const { fake, airflow } = await start();
    await airflow.deploy(document('x'), signal);
    fake.wipeVolume();

    expect(await airflow.listDags(signal)).toMatchObject([{ dagId: 'x', isActive: false }]);
  });

  test('of runs are read page by page, with one busy DAG hiding no other', async () => {
    const { fake, airflow } = await start({ runDurationMilliseconds: 0 });
    fake.addDag({ dagId: 'busy' });
    fake.addDag({ dagId: 'quiet' });
    fake.startScheduledRun('quiet');
    for (let index = 0; index < 150; index += 1) {
      fake.startScheduledRun('busy');
    }

    const runs = await airflow.listRuns({ dagIds: ['busy', 'quiet'] }, signal);

    expect(runs.filter(({ dagId }) => dagId === 'busy')).toHaveLength(150);
    expect(runs.filter(({ dagId }) => dagId === 'quiet')).toHaveLength(1);
  });

  test('of runs ask for at most 100 DAGs at once', async () => {
    const { fake, airflow } = await start();
    const dagIds = Array.from({ length: 201 }, (_, index) => `dag-${index}`);

    await airflow.listRuns({ dagIds }, signal);

    const bodies = fake.calls
      .filter(({ path }) => path.endsWith('/list'))
      .map(({ body }) => body.split('dag-').length - 1);
    expect(bodies).toEqual([100, 100, 1]);
  });

  test('of runs of no DAG make no call', async () => {
    const { fake, airflow } = await start();

    expect(await airflow.listRuns({ dagIds: [] }, signal)).toEqual([]);
    expect(fake.calls).toEqual([]);
  });
});

describe('the outcome of a deploy', () => {
  const situations: readonly [string, Parameters<FakeAirflow['setFault']>[0], AirflowErrorKind, number][] = [
    ['whose connection ends before the work', { kind: 'reset', when: 'before' }, 'unknownOutcome', 0],
    ['whose connection ends after the work', { kind: 'reset', when: 'after' }, 'unknownOutcome', 1],
    ['that is never answered', { kind: 'hang', when: 'after' }, 'unknownOutcome', 1],
    ['that a proxy gave up on', { kind: 'answer', status: 504, body: '<html>' }, 'unknownOutcome', 0],
    ['that met a read-only directory', { kind: 'readOnlyConfigs' }, 'configsDirectoryReadOnly', 0],
    [
      'that lacks a module',
      { kind: 'deployError', text: "No module named 'presidio_analyzer'" },
      'pluginDependencyMissing',
      0,
    ],
  ];

  test.each(situations)('%s', async (_, fault, kind, deploys) => {
    const { fake, airflow } = await start({ generation: '2.10.5' }, { timeout: 200 });
    await airflow.probe(signal);
    fake.setFault(fault, { path: '/deploy' });

    expect(await caught(airflow.deploy(document('x'), signal))).toMatchObject({ kind });
    expect(fake.deploys('x')).toHaveLength(deploys);
  });

  test('is known where no connection was made: nothing happened', async () => {
    const { fake, airflow } = await start();
    await airflow.probe(signal);
    await fake.stop();

    expect(await caught(airflow.deploy(document('x'), signal))).toMatchObject({ kind: 'connectionRefused' });
  });

  test('is unknown when the caller gives up on the way', async () => {
    const { fake, airflow } = await start();
    await airflow.probe(signal);
    fake.setFault({ kind: 'hang', when: 'after' }, { path: '/deploy' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);

    const error = await caught(airflow.deploy(document('x'), controller.signal));

    expect(error).toMatchObject({ kind: 'unknownOutcome' });
  });
});

describe('a read', () => {
  test('without an answer is a timeout', async () => {
    const { fake, airflow } = await start({}, { timeout: 100 });
    await airflow.probe(signal);
    fake.setFault({ kind: 'hang', when: 'before' }, { path: '/dags' });

    expect(await caught(airflow.listDags(signal))).toMatchObject({ kind: 'timeout' });
  });

  test('that the caller gives up on ends with its reason', async () => {
    const { fake, airflow } = await start();
    await airflow.probe(signal);
    fake.setFault({ kind: 'hang', when: 'before' }, { path: '/dags' });

    await expect(airflow.listDags(AbortSignal.timeout(30))).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('of something that is no list says unexpectedAnswer', async () => {
    const { fake, airflow } = await start();
    fake.setFault({ kind: 'answer', status: 200, body: '{"dags": 1}' }, { path: '/dags' });

    expect(await caught(airflow.listDags(signal))).toMatchObject({ kind: 'unexpectedAnswer' });
  });

  test('of truncated JSON is not taken for an answer', async () => {
    const { fake, airflow } = await start();
    fake.setFault({ kind: 'answer', status: 200, body: '{"dags": [' }, { path: '/dags' });

    expect(await caught(airflow.listDags(signal))).toBeInstanceOf(AirflowError);
  });

  test('refused for now carries when to ask again', async () => {
    const { fake, airflow } = await start();
    fake.setFault(
      { kind: 'answer', status: 429, body: '', headers: { 'retry-after': '3' } },
      { path: '/dags' },
    );

    expect(await caught(airflow.listDags(signal))).toMatchObject({ kind: 'throttled', retryAfter: 3_000 });
  });
});

describe('base paths', () => {
  test('are looked for anew when Airflow was upgraded under us', async () => {
    const first = await startFakeAirflow({ generation: '2.10.5' });
    const port = Number(new URL(first.url).port);
    const airflow = createAirflow({
      endpoint: first.url,
      username: 'admin',
      password: new SecretValue('admin'),
      tls: { verify: 'no-ssl' },
      timeoutMilliseconds: 5_000,
    });
    expect(await airflow.recentRuns('x', signal)).toBeUndefined();
    await first.stop();
    const second = await startFakeAirflow({ generation: '3.3.0', port });
    cleanUps.push(() => second.stop());

    await caught(airflow.recentRuns('x', signal));

    expect(await airflow.recentRuns('x', signal)).toBeUndefined();
    airflow.close();
  });

  test('that redirect elsewhere are not followed', async () => {
    const { fake, airflow } = await start();
    const other = await startFakeAirflow({ generation: '3.3.0' });
    cleanUps.push(() => other.stop());
    fake.setFault({ kind: 'answer', status: 302, body: '', headers: { location: other.url } });

    const error = await caught(airflow.probe(signal));

    expect(error).toMatchObject({
      kind: 'managedApisNotFound',
      message: expect.stringContaining('redirect'),
    });
    expect(other.calls).toEqual([]);
  });

  test('on an Airflow 3 without the plugin are not found', async () => {
    const { fake, airflow } = await start();
    fake.setFault({ kind: 'answer', status: 200, body: '<html>' }, { path: '/pluginsv2' });

    expect(await caught(airflow.probe(signal))).toMatchObject({ kind: 'managedApisNotFound' });
  });

  test('of a plugin in trouble are not said to be missing', async () => {
    const { fake, airflow } = await start({ generation: '2.10.5' });
    fake.setFault({ kind: 'answer', status: 500, body: '{"error":"x"}' }, { path: '/api/v1/openmetadata' });

    expect(await caught(airflow.probe(signal))).toMatchObject({ kind: 'serverError' });
  });
});

describe('the log', () => {
  test('of several chunks is the end of the last', async () => {
    const { fake, airflow } = await start();
    fake.addDag({ dagId: 'x' });
    fake.startScheduledRun('x');
    fake.setLog('x', `${'a'.repeat(4_500_000)}the end`);

    const log = await airflow.lastLog('x', 'ingestion_task', signal);

    expect(log.endsWith('the end')).toBe(true);
    expect(log).toHaveLength(256 * 1024);
    expect(fake.calls.filter(({ path }) => path.endsWith('/last_dag_logs'))).toHaveLength(2);
  });
});

describe('secrets', () => {
  test('in answers, documents and credentials never surface in an error', async () => {
    const secrets = ['the.jwt.token', 'pass-w0rd', 'VALUE-of-a-field'];
    const { fake, airflow } = await start(
      { generation: '2.10.5', password: 'pass-w0rd' },
      { password: 'pass-w0rd' },
    );
    const bodies = [
      `Internal error deploying ${document('x')} - VALUE-of-a-field - Traceback`,
      `Request Validation Error parsing payload ${document('x')}. IngestionPipeline expected - includeViews\n  bad [type=bool_parsing, input_value='VALUE-of-a-field', input_type=str]`,
    ];

    for (const body of bodies) {
      fake.clearFaults();
      fake.setFault(
        { kind: 'answer', status: 500, body: JSON.stringify({ error: body }) },
        { path: '/deploy' },
      );
      const error = await caught(airflow.deploy(document('x'), signal));
      expectNone(
        [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), error.stack ?? ''],
        secrets,
      );
    }
  });

  test('never surface where a connection fails', async () => {
    const secrets = ['the.jwt.token', 'pass-w0rd', Buffer.from('admin:pass-w0rd').toString('base64')];
    const { fake, airflow } = await start({ password: 'pass-w0rd' }, { password: 'pass-w0rd' });
    await airflow.probe(signal);
    await fake.stop();

    const error = await caught(airflow.deploy(document('x'), signal));

    expectNone([inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)], secrets);
  });
});

function expectNone(texts: readonly string[], secrets: readonly string[]): void {
  for (const secret of secrets) {
    expect(texts.join('\n')).not.toContain(secret);
  }
}

test('every HTTP call is reported under the verb that it was made for', async () => {
  const { airflow, calls } = await start();

  await airflow.probe(signal);
  await caught(airflow.enable('absent', signal));

  expect(calls).toEqual([
    'probe ok',
    'probe ok',
    'probe ok',
    'probe ok',
    'probe ok',
    'enable ok',
    'enable dagNotFound',
  ]);
});
