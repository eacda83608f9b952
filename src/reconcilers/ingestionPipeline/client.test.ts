import { describe, expect, it } from 'vitest';
import { CLIENT_KEY, clientManifest, DAG_ID, pipelineManifest } from '../testing/manifests.ts';
import {
  condition,
  createWorld,
  deployedWorld,
  documents,
  message,
  readyWorld,
  respecify,
  statusOf,
} from '../testing/world.ts';

describe('a client that does not exist', () => {
  it.each([
    [
      'named',
      { clientRef: { name: 'airflow', namespace: 'openmetadata' } },
      `PipelineServiceClient ${CLIENT_KEY}`,
    ],
    ['not named', { clientRef: undefined }, 'none called "default" exists in namespace team-a'],
  ])('is waited for at first and a fault after two minutes, when it is %s', async (_, spec, hint) => {
    const world = createWorld();
    world.pipelines.create(pipelineManifest(spec));

    expect(await world.reconcile()).toMatchObject({ kind: 'failed' });
    expect(condition(world, 'Ready')).toBe('False ClientNotFound');
    expect(condition(world, 'Reconciling')).toBe('True ClientNotFound');
    expect(message(world, 'Ready')).toContain(hint);

    await world.pass(119);

    expect(condition(world, 'Stalled')).toBeUndefined();

    await world.pass(150);

    expect(condition(world, 'Stalled')).toBe('True ClientNotFound');
    expect(condition(world, 'Reconciling')).toBeUndefined();
    expect(world.events.of('ClientNotFound')).toHaveLength(1);
  });

  it('is used as soon as it appears', async () => {
    const world = createWorld();
    world.pipelines.create(pipelineManifest());
    await world.pass(300);
    world.shelf.setSecret('openmetadata/airflow-secrets', { password: 'a' });
    world.shelf.setSecret('openmetadata/openmetadata-bot', { token: 'b' });
    world.clients.create(clientManifest());
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Stalled')).toBeUndefined();
  });

  it('is waited for also where the pipeline had another fault for long before', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest({ description: 'in $HOME' }));
    await world.pass(600);
    respecify(world, {
      description: 'at home',
      valuesFrom: [{ targetPath: 'config.a', secretKeyRef: { name: 'x', key: 'y' } }],
    });
    await world.pass(60);

    expect(condition(world, 'Ready')).toBe('False SecretNotFound');
    expect(condition(world, 'Stalled')).toBeUndefined();

    await world.pass(180);

    expect(condition(world, 'Stalled')).toBe('True SecretNotFound');
  });
});

describe('the default client', () => {
  it('is the one called "default" in the namespace, whenever it comes or goes', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest({ clientRef: undefined }));
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('False ClientNotFound');

    world.shelf.setSecret('team-a/airflow-secrets', { password: 'a' });
    world.shelf.setSecret('team-a/openmetadata-bot', { token: 'b' });
    world.clients.create(clientManifest({}, { namespace: 'team-a', name: 'default' }));
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(statusOf(world).clientRef).toEqual({ name: 'default', namespace: 'team-a' });
  });
});

describe('a client that does not admit the namespace', () => {
  it.each([
    ['no other than its own', undefined],
    ['only namespaces with a label', { from: 'Selector', selector: { matchLabels: { team: 'b' } } }],
  ] as const)('stalls the pipeline: it admits %s', async (_, allowedNamespaces) => {
    const world = await readyWorld({ allowedNamespaces });
    world.namespaces.set('team-a', { labels: { team: 'a' }, terminating: false });
    world.pipelines.create(pipelineManifest());
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('False ClientNotAllowed');
    expect(condition(world, 'Stalled')).toBe('True ClientNotAllowed');
    expect(message(world, 'Ready')).toContain('spec.allowedNamespaces');
    expect(world.airflow.history).toEqual([]);
    expect(documents(world)).toEqual([]);
  });

  it('leaves what was deployed before as it is, and says so', async () => {
    const world = await deployedWorld();
    world.clients.edit(CLIENT_KEY, ({ spec }) => ({
      spec: { ...spec, allowedNamespaces: { from: 'Same' } },
    }));
    await world.pass(10);

    expect(condition(world, 'Stalled')).toBe('True ClientNotAllowed');
    expect(message(world, 'Ready')).toMatch(/use another client\. The DAG goes on as deployed\.$/);
    expect(world.airflow.rows.get(DAG_ID)).toMatchObject({ isPaused: false });
  });

  it('is used within a minute after the namespace got the label', async () => {
    const world = await readyWorld({
      allowedNamespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } },
    });
    world.pipelines.create(pipelineManifest());
    await world.pass(10);
    world.namespaces.set('team-a', { labels: { team: 'a' }, terminating: false });
    await world.pass(70);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('is used at once after the client was opened', async () => {
    const world = await readyWorld({ allowedNamespaces: { from: 'Same' } });
    world.pipelines.create(pipelineManifest());
    await world.pass(10);
    world.clients.edit(CLIENT_KEY, ({ spec }) => ({ spec: { ...spec, allowedNamespaces: { from: 'All' } } }));
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});
