import { describe, expect, it } from 'vitest';
import { FINALIZER } from '../../api/group.ts';
import { KubeError } from '../../kube/kubeError.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, DAG_ID, PIPELINE_KEY, pipelineManifest, specWithSecret } from '../testing/manifests.ts';
import { condition, deployedWorld, readyWorld, respecify, statusOf } from '../testing/world.ts';

describe('a new pipeline', () => {
  it('is deployed once, enabled once, and Ready', async () => {
    const world = await deployedWorld();

    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
    expect(['Validated', 'Rendered', 'Deployed', 'Enabled'].map((type) => condition(world, type))).toEqual([
      'True Valid',
      'True Rendered',
      'True Deployed',
      'True Enabled',
    ]);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Reconciling')).toBeUndefined();
    expect(condition(world, 'Stalled')).toBeUndefined();
    expect(world.operator().thrown()).toEqual([]);
  });

  it('says what was deployed, when it runs next, and that there was no run', async () => {
    const world = await deployedWorld();

    expect(statusOf(world)).toMatchObject({
      observedGeneration: 1,
      clientRef: { name: 'airflow', namespace: 'openmetadata' },
      dagId: DAG_ID,
      pipelineFQN: 'mysql_prod.team-a_orders',
      nextRunTime: '2026-11-24T03:00:00Z',
      activeRuns: 0,
      consecutiveFailures: 0,
    });
    expect(statusOf(world).deployed?.hash).toBe(statusOf(world).configHash);
    expect(condition(world, 'LastRunSucceeded')).toBe('Unknown NoRunYet');
  });

  it('tells of its deploy and of its enabling, each with one event', async () => {
    const { events } = await deployedWorld();

    expect(events.lines).toEqual([
      expect.stringMatching(/^Normal orders Deployed: /),
      expect.stringMatching(/^Normal orders Enabled: /),
    ]);
  });

  it('is paused in Airflow until the operator has enabled it', async () => {
    const world = await readyWorld();
    world.airflow.fail('enable', airflowError('serverError'));
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(true);
    expect(condition(world, 'Ready')).toBe('False ServerError');

    world.airflow.fail('enable', undefined);
    await world.pass(60);

    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('has its finalizer before anything happens in Airflow', async () => {
    const world = await readyWorld();
    world.pipelines.refuseWrites(new KubeError('conflict', PIPELINE_KEY));
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(world.airflow.history).toEqual([]);

    world.pipelines.refuseWrites(undefined);
    await world.pass(60);

    expect(world.pipelines.get(PIPELINE_KEY)?.metadata.finalizers).toEqual([FINALIZER]);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('sends the secrets in the deploy, and keeps them out of every ConfigMap, status and event', async () => {
    const world = await readyWorld();
    world.shelf.setSecret('team-a/dbt', { key: 'planted-value' });
    world.pipelines.create(
      pipelineManifest({
        ...specWithSecret(),
      }),
    );
    await world.pass(10);
    const everywhere = JSON.stringify([
      world.pipelines.get(PIPELINE_KEY),
      world.clients.get(CLIENT_KEY),
      [...world.shelf.texts],
      world.events.lines,
      world.operator().lines,
    ]);

    expect(JSON.stringify(world.airflow.rows.document(DAG_ID))).toContain('planted-value');
    expect(JSON.stringify(world.airflow.rows.document(DAG_ID))).toContain('planted-token');
    expect(everywhere).toContain('${OPENMETADATA_JWT_TOKEN}');
    expect(everywhere).not.toContain('planted');
  });

  it('waits for its turn behind another one, and then gets it', async () => {
    const world = await readyWorld({ limits: { deploysPerMinute: 1 } });
    world.pipelines.create(pipelineManifest());
    world.pipelines.create(pipelineManifest({}, { name: 'customers' }));
    await world.pass(20);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Ready', 'team-a/customers')).toBe('False QueuedForDeploy');
    expect(condition(world, 'Reconciling', 'team-a/customers')).toBe('True QueuedForDeploy');

    await world.pass(60);

    expect(condition(world, 'Ready', 'team-a/customers')).toBe('True ReconcileSucceeded');
  });
});

describe('a pipeline that waits for its turn', () => {
  it('looks again when that may be, not every minute, so that thousands that wait cost little', async () => {
    const world = await readyWorld({ limits: { deploysPerMinute: 1 } });
    const names = Array.from({ length: 20 }, (_, index) => `pipeline-${index}`);
    names.forEach((name) => world.pipelines.create(pipelineManifest({}, { name })));
    await world.pass(5);

    expect(await world.reconcile('team-a/pipeline-1')).toEqual({ kind: 'waiting', checkAfter: 60_000 });
    expect(await world.reconcile('team-a/pipeline-6')).toEqual({ kind: 'waiting', checkAfter: 360_000 });
    expect(await world.reconcile('team-a/pipeline-19')).toEqual({ kind: 'waiting', checkAfter: 600_000 });
    await world.pass(20 * 60);
    for (const name of names) {
      expect(condition(world, 'Ready', `team-a/${name}`)).toBe('True ReconcileSucceeded');
    }
  });

  it.each([
    ['becomes wrong', { description: 'in $HOME' }, 'False DollarInValue'],
    ['is as it was again', { displayName: undefined }, 'True ReconcileSucceeded'],
  ])('does not hold up the others when it %s', async (_, change, expected) => {
    const world = await deployedWorld();
    world.pipelines.create(pipelineManifest({}, { name: 'customers' }));
    await world.pass(30);
    ['team-a/customers', PIPELINE_KEY].forEach((key) => respecify(world, { displayName: 'New' }, key));
    world.pipelines.create(pipelineManifest({}, { name: 'third' }));
    await world.pass(0.5);

    expect(condition(world, 'Ready')).toBe('False QueuedForDeploy');

    respecify(world, change);
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe(expected);
    expect(condition(world, 'Ready', 'team-a/third')).toBe('True ReconcileSucceeded');
  });
});

describe('a pipeline that is Ready', () => {
  it('is left alone while nothing changes: no write, no call, no event', async () => {
    const world = await deployedWorld();
    const before = [world.pipelines.statusWrites(), world.shelf.writes(), world.events.lines.length];
    const calls = world.airflow.calls();
    const outcome = await world.reconcile();

    expect(outcome.kind).toBe('done');
    expect(world.airflow.calls()).toBe(calls);
    expect([world.pipelines.statusWrites(), world.shelf.writes(), world.events.lines.length]).toEqual(before);
  });

  it('is compared again after the resync period, at a moment that is spread', async () => {
    const world = await deployedWorld();

    expect(await world.reconcile()).toEqual({ kind: 'done', checkAfter: 600_000 });
  });

  it('is deployed once more when its specification changes, and goes on running meanwhile', async () => {
    const world = await deployedWorld();
    const { configHash } = statusOf(world);
    world.airflow.rows.delays.registration = 20_000;
    respecify(world, { displayName: 'Orders' });
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('False AwaitingRegistration');
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);

    await world.pass(60);

    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`, `deploy ${DAG_ID}`]);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).configHash).not.toBe(configHash);
    expect(statusOf(world).observedGeneration).toBe(2);
  });

  it.each([
    ['of its own', 'team-a/dbt', { key: 'second' }],
    ['with the token', 'openmetadata/openmetadata-bot', { token: 'second' }],
  ])('is deployed once more when a Secret %s changes', async (_, secret, values) => {
    const world = await readyWorld();
    world.shelf.setSecret('team-a/dbt', { key: 'first' });
    world.pipelines.create(
      pipelineManifest({
        ...specWithSecret(),
      }),
    );
    await world.pass(10);
    world.shelf.setSecret(secret, values);
    await world.pass(60);
    await world.reconcile();
    await world.pass(60);

    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`, `deploy ${DAG_ID}`]);
    expect(JSON.stringify(world.airflow.rows.document(DAG_ID))).toContain('second');
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is deployed once more when only its description changes', async () => {
    const world = await deployedWorld();
    respecify(world, { description: 'Nightly' });
    await world.pass(10);

    expect(world.airflow.rows.get(DAG_ID)?.description).toMatch(/^Nightly \[ingestion\.open-metadata\.org /);
  });
});
