import { describe, expect, it } from 'vitest';
import { KubeError } from '../../kube/kubeError.ts';
import { OpenMetadataError } from '../../openmetadata/openMetadata.ts';
import { DAG_ID, PIPELINE_KEY, pipelineManifest, specWithSecret } from '../testing/manifests.ts';
import {
  condition,
  deployedWorld,
  documents,
  message,
  readyWorld,
  respecify,
  statusOf,
} from '../testing/world.ts';

describe('a Secret of the pipeline', () => {
  it.each([
    [
      'is missing',
      undefined,
      'SecretNotFound',
      'Secret team-a/dbt, which spec.valuesFrom (config.queryLogFilePath) refers to',
    ],
    ['lacks the key', { other: 'x' }, 'SecretKeyNotFound', 'Secret team-a/dbt has no key "key"'],
  ])('that %s is a fault after two minutes, and heals by itself', async (_, values, reason, hint) => {
    const world = await readyWorld();
    if (values !== undefined) {
      world.shelf.setSecret('team-a/dbt', values);
    }
    world.pipelines.create(pipelineManifest(specWithSecret()));

    expect(await world.reconcile()).toMatchObject({ kind: 'failed' });
    expect(condition(world, 'Ready')).toBe(`False ${reason}`);
    expect(message(world, 'Ready')).toContain(hint);

    await world.pass(300);

    expect(condition(world, 'Stalled')).toBe(`True ${reason}`);
    expect(world.events.of(reason)).toHaveLength(1);

    world.shelf.setSecret('team-a/dbt', { key: 'value' });
    await world.pass(70);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('that cannot be read because the API server is down leaves the status alone', async () => {
    const world = await readyWorld();
    world.shelf.setSecret('team-a/dbt', { key: 'value' });
    world.pipelines.create(pipelineManifest(specWithSecret()));
    await world.pass(10);
    const before = world.pipelines.get(PIPELINE_KEY);
    world.shelf.refuseSecret('team-a/dbt', new KubeError('unavailable', 'GET'));

    await expect(world.reconcile()).rejects.toThrow(KubeError);
    expect(world.pipelines.get(PIPELINE_KEY)).toEqual(before);
  });

  it('goes into the ConfigMap as a placeholder where Airflow has it in its environment', async () => {
    const world = await readyWorld();
    world.shelf.setSecret('team-a/dbt', { key: 'planted-value' });
    world.pipelines.create(pipelineManifest(specWithSecret('DBT_KEY')));
    await world.pass(10);
    const { configMap = '', key = '' } = statusOf(world).deployed ?? {};
    const text = world.shelf.texts.get(`openmetadata/${configMap}`)?.[key] ?? '';

    expect(JSON.parse(text)).toMatchObject({ sourceConfig: { config: { queryLogFilePath: '${DBT_KEY}' } } });
    expect(JSON.stringify(world.airflow.rows.document(DAG_ID))).toContain('planted-value');
  });
});

describe('a specification that cannot be carried out', () => {
  it.each([
    ['a schedule that no cron knows', { airflowConfig: { scheduleInterval: '0 0 31 2 *' } }, 'True', ''],
    [
      'a wrong type of source configuration',
      { sourceConfig: { config: { type: 'Profiler' } } },
      'False',
      'InvalidSourceConfig',
    ],
    ['a value that Airflow would expand', { description: 'in $HOME' }, 'False', 'DollarInValue'],
    [
      'a path that leads through a text',
      { valuesFrom: [{ targetPath: 'config.type.x', secretKeyRef: { name: 'dbt', key: 'key' } }] },
      'False',
      'InvalidSpec',
    ],
    [
      'too large a source configuration',
      { sourceConfig: { config: { a: 'x'.repeat(300_000) } } },
      'False',
      'InvalidSpec',
    ],
  ])('is judged: %s', async (_, spec, status, reason) => {
    const world = await readyWorld();
    world.shelf.setSecret('team-a/dbt', { key: 'value' });
    world.pipelines.create(pipelineManifest(spec));
    await world.pass(10);

    expect(condition(world, 'Validated')).toBe(status === 'True' ? 'True Valid' : `False ${reason}`);
    expect(condition(world, 'Stalled')).toBe(status === 'True' ? undefined : `True ${reason}`);
    expect(world.airflow.history.length > 0).toBe(status === 'True');
  });

  it('is not tried again before it changes', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest({ description: 'in $HOME' }));

    expect(await world.reconcile()).toEqual({ kind: 'stalled', checkAfter: undefined });

    respecify(world, { description: 'at home' });
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Validated')).toBe('True Valid');
  });
});

describe('the service in OpenMetadata', () => {
  it('is named when it is missing, and the deploy happens once it is there', async () => {
    const world = await readyWorld();
    world.openMetadata.services.clear();
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(condition(world, 'Deployed')).toBe('False ServiceNotFound');
    expect(condition(world, 'Stalled')).toBe('True ServiceNotFound');
    expect(message(world, 'Ready')).toContain('no databaseService named "mysql_prod"');
    expect(world.airflow.history).toEqual([]);

    world.openMetadata.services.add('databaseService mysql_prod');
    await world.pass(70);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it.each([
    ['connectionRefused', 'ConnectionRefused'],
    ['tokenRejected', 'TokenRejected'],
    ['notOpenMetadata', 'OpenMetadataNotFound'],
    ['serverError', 'ServerError'],
    ['unknownServiceType', 'UnknownServiceType'],
  ] as const)('that cannot be asked for (%s) puts the deploy off', async (kind, reason) => {
    const world = await readyWorld();
    world.openMetadata.serviceFault = new OpenMetadataError(kind, 'OpenMetadata says no.');
    world.pipelines.create(pipelineManifest());

    expect(await world.reconcile()).toMatchObject({ kind: 'failed' });
    expect(condition(world, 'Deployed')).toBe(`False ${reason}`);
    expect(message(world, 'Ready')).toBe('OpenMetadata says no.');
  });

  it('is not asked for where only Airflow knows the token', async () => {
    const world = await readyWorld({ openMetadata: { jwtTokenEnv: 'OM_JWT' } });
    world.openMetadata.services.clear();
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(JSON.stringify(world.airflow.rows.document(DAG_ID))).toContain('${OM_JWT}');
  });
});

describe('the document in the ConfigMap', () => {
  it('is put back when somebody changed it', async () => {
    const world = await deployedWorld();
    const { configMap = '', key = '' } = statusOf(world).deployed ?? {};
    const path = `openmetadata/${configMap}`;
    const before = world.shelf.texts.get(path);
    world.shelf.texts.set(path, { ...before, [key]: 'changed', other: 'kept' });
    await world.reconcile();

    expect(world.shelf.texts.get(path)).toEqual({ ...before, other: 'kept' });
  });

  it('is a fault where it does not fit any more', async () => {
    const world = await readyWorld({ configMap: { shards: 1 } });
    const path = 'openmetadata/dag-generated-configs-00';
    world.shelf.texts.set(path, { 'other.json': 'x'.repeat(1024 * 1024 - 100) });
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(condition(world, 'Rendered')).toBe('False ConfigMapFull');
    expect(condition(world, 'Stalled')).toBe('True ConfigMapFull');
    expect(documents(world)).toEqual([`${path}/other.json`]);
  });

  it('moves when the client spreads its documents anew', async () => {
    const world = await deployedWorld();
    world.clients.edit('openmetadata/airflow', ({ spec }) => ({
      spec: { ...spec, configMap: { name: 'documents', shards: 1 } },
    }));
    await world.pass(10);

    expect(documents(world)).toEqual([`openmetadata/documents-00/00-${DAG_ID}.json`]);
    expect(statusOf(world).deployed).toMatchObject({ configMap: 'documents-00', key: `00-${DAG_ID}.json` });
    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
  });
});

it('what this OpenMetadata does not take is left out, and said where the specification is judged', async () => {
  const world = await readyWorld();
  world.openMetadata.version = '1.4.1';
  world.airflow.installation = { ...world.airflow.installation, pluginVersion: '1.4.1.0' };
  await world.pass(120);
  world.pipelines.create(pipelineManifest({ domains: ['Sales'], raiseOnError: false }));
  await world.pass(10);

  expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  expect(message(world, 'Validated')).toContain('do not take it: spec.domains, spec.raiseOnError.');
  expect(Object.keys(world.airflow.rows.document(DAG_ID) ?? {})).not.toContain('raiseOnError');
});
