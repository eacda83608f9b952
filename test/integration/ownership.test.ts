import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AllowedNamespaces } from '../../src/api/allowedNamespaces.ts';
import type { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import type { FakeAirflow } from '../fakes/airflow/fakeAirflow.ts';
import { documentsIn } from '../harness/documents.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { clientManifest, namespaceManifest, pipelineManifest } from '../harness/manifests.ts';
import { eventually } from '../support/eventually.ts';

const PATIENCE = { timeoutMs: 60_000, intervalMs: 500 };

let world: FakeWorld;

beforeAll(async () => {
  world = await startFakeWorld({ generation: '2.10.5', latencyMilliseconds: 5 });
  await world.cluster.startOperator({
    'idle-poll-seconds': '5',
    'active-poll-seconds': '1',
    'secret-refresh-seconds': '3',
  });
});

afterAll(async () => {
  await world?.stop();
});

describe.concurrent('a DAG id', () => {
  test('that two pipelines claim is the older one’s, which the other names, and its heir’s when that is deleted', async () => {
    const { airflow, cluster } = world;
    const name = 'claimed';
    await declare('claim', 'elder', { name });
    await cluster.apply(pipelineManifest({ namespace: 'claim', name: 'younger' }, { name }));

    await expectStalled(
      'claim/younger',
      'DagIdConflict',
      /belongs to IngestionPipeline claim\/elder, which is older/,
    );
    expectReady(await cluster.pipeline('claim/elder'));
    expect(airflow.deploys('claimed')).toHaveLength(1);

    await cluster.deletePipeline('claim/elder');
    await expectReadyAt('claim/younger');
    expect(await cluster.hasPipeline('claim/elder')).toBe(false);
    expect(airflow.dag('claimed')).toMatchObject({
      isPaused: false,
      description: expect.stringContaining('default/claim/younger'),
    });
    expect(await documentsIn(world.cluster, 'claim')).toEqual(['claimed']);
  });

  test('that Airflow has from somebody else is left alone, until it is to be adopted', async () => {
    const { airflow, cluster } = world;
    airflow.addDag({ dagId: 'exists_orders', description: 'made by hand' });
    await world.createNamespace('exists');
    await cluster.apply(pipelineManifest({ namespace: 'exists', name: 'orders' }));

    await expectStalled(
      'exists/orders',
      'DagExists',
      /already has a DAG exists_orders .* set spec.adopt to true/,
    );
    expect(airflow.dag('exists_orders')).toMatchObject({ description: 'made by hand' });

    await cluster.apply(pipelineManifest({ namespace: 'exists', name: 'orders' }, { adopt: true }));
    await expectReadyAt('exists/orders');
    expect(airflow.dag('exists_orders')?.description).toContain('default/exists/orders');
    expect((await cluster.eventsOf('exists/orders', 'Deployed')).map(({ note }) => note)).toEqual([
      expect.stringMatching(/^Took over the DAG/),
    ]);
  });

  test.each([
    ['changed', 'one', 'another'],
    ['set', undefined, 'another'],
    ['removed', 'one', undefined],
  ])('cannot be %s later: the API server says what to do instead', async (word, before, after) => {
    const { cluster } = world;
    const metadata = { namespace: `name-${word}`, name: 'orders' };
    await world.createNamespace(metadata.namespace);
    await cluster.apply(pipelineManifest(metadata, before === undefined ? {} : { name: before + word }));

    await expect(
      cluster.apply(pipelineManifest(metadata, after === undefined ? {} : { name: after })),
    ).rejects.toThrow(/spec.name cannot be changed, set or removed after creation: delete the object/);
  });
});

describe.concurrent('a pipeline that moves to another Airflow', () => {
  test('runs there before it is removed where it was', async () => {
    const { cluster } = world;
    const { first, second } = await twoAirflows('move');
    await declare('move', 'orders');
    await moveTo('move', 'second');

    await eventually(async () => {
      const pipeline = await cluster.pipeline('move/orders');
      expectReady(pipeline);
      expect(pipeline.status?.clientRef).toMatchObject({ name: 'second' });
      expect(pipeline.status?.formerClients).toBeUndefined();
    }, PATIENCE);
    expect(first.dags()).toEqual([]);
    expect(second.dag('move_orders')).toMatchObject({ isPaused: false });
    const enabled = second.calls.find(({ path }) => path.endsWith('/openmetadata/enable'))?.at ?? Infinity;
    const disabled = first.calls.find(({ path }) => path.endsWith('/openmetadata/disable'))?.at ?? 0;
    expect(enabled).toBeLessThan(disabled);
    expect(await documentsIn(world.cluster, 'move')).toEqual(['move_orders']);
  });

  test('says what is still in the former one while that is down, and removes it there when that is back', async () => {
    const { cluster } = world;
    const { first, second } = await twoAirflows('downmove');
    await declare('downmove', 'orders');
    first.setFault({ kind: 'reset', when: 'before' });
    await moveTo('downmove', 'second');

    await eventually(async () => {
      const pipeline = await cluster.pipeline('downmove/orders');
      expectReady(pipeline);
      expect(pipeline.status?.formerClients).toMatchObject([{ name: 'airflow', namespace: 'downmove' }]);
      expect(pipeline.status?.formerClients?.[0]?.message).toMatch(/./);
    }, PATIENCE);
    expect(second.dag('downmove_orders')).toMatchObject({ isPaused: false });
    await eventually(async () => {
      const [event] = await cluster.eventsOf('downmove/orders', 'CleanupPending');
      expect(event?.note).toMatch(/still in the Airflow of .*downmove\/airflow, .* may run there, too/);
    }, PATIENCE);

    first.clearFaults();
    await eventually(async () => {
      expect((await cluster.pipeline('downmove/orders')).status?.formerClients).toBeUndefined();
    }, PATIENCE);
    expect(first.dags()).toEqual([]);
  });

  test('keeps a former client that is deleted in the same breath until its DAG is gone there', async () => {
    const { cluster } = world;
    const { first, second } = await twoAirflows('leave');
    await declare('leave', 'orders');
    first.setFault({ kind: 'reset', when: 'before' });
    await cluster.kubectl('delete', '--wait=false', 'pipelineserviceclient', '--namespace=leave', 'airflow');
    await moveTo('leave', 'second');

    await eventually(async () => {
      expectReady(await cluster.pipeline('leave/orders'));
      expect(second.dag('leave_orders')).toMatchObject({ isPaused: false });
    }, PATIENCE);
    await eventually(async () => {
      expect(conditionOf(await cluster.client('leave/airflow'), 'InUse')).toMatchObject({
        status: 'True',
        message: expect.stringMatching(/Left: leave\/orders\.$/),
      });
    }, PATIENCE);

    first.clearFaults();
    await eventually(async () => {
      expect(
        await cluster.kubectl('get', 'pipelineserviceclients', '--namespace=leave', '--output=name'),
      ).not.toMatch(/\/airflow$/m);
    }, PATIENCE);
    expect(first.dags()).toEqual([]);
    await eventually(async () => {
      expect((await cluster.pipeline('leave/orders')).status?.formerClients).toBeUndefined();
    }, PATIENCE);
    expect(await cluster.eventsOf('leave/orders', 'Orphaned')).toEqual([]);
  });
});

describe.concurrent('a client of another namespace', () => {
  test('is used only while it admits the namespace; a DAG that is there stays', async () => {
    const { airflow, cluster } = world;
    await grant('granted-client', { from: 'Same' });
    await cluster.apply(namespaceManifest('granted'), guestManifest('granted', 'granted-client'));

    await expectStalled(
      'granted/orders',
      'ClientNotAllowed',
      /does not admit pipelines from namespace granted/,
    );
    expect(airflow.dag('granted_orders')).toBeUndefined();

    await grant('granted-client', { from: 'All' });
    await expectReadyAt('granted/orders');

    await grant('granted-client', { from: 'Same' });
    await expectStalled('granted/orders', 'ClientNotAllowed', /goes on as deployed/);
    expect(airflow.dag('granted_orders')).toMatchObject({ isPaused: false });
  });

  test('is used while its selector matches the labels of the namespace, which are looked at again and again', async () => {
    const { airflow, cluster } = world;
    const selector = { matchLabels: { ingestion: 'allowed' } };
    await grant('selecting', { from: 'Selector', selector });
    await cluster.apply(namespaceManifest('selected'), guestManifest('selected', 'selecting'));
    await expectStalled('selected/orders', 'ClientNotAllowed', /does not admit/);

    await cluster.kubectl('label', 'namespace', 'selected', 'ingestion=allowed');
    const labelled = Date.now();
    await expectReadyAt('selected/orders');
    const noticed = Date.now();

    await cluster.kubectl('label', 'namespace', 'selected', 'ingestion-');
    const unlabelled = Date.now();
    await expectStalled('selected/orders', 'ClientNotAllowed', /does not admit/);
    process.stderr.write(
      `labels of a namespace: grant noticed after ${noticed - labelled} ms, its end after ${Date.now() - unlabelled} ms\n`,
    );
    expect(airflow.dag('selected_orders')).toMatchObject({ isPaused: false });
  });
});

describe('all of this', () => {
  test('has needed no right that the operator was not given', () => {
    expect(world.cluster.logs().join('')).not.toMatch(/forbidden/i);
  });
});

async function declare(
  namespace: string,
  name: string,
  changes: Partial<IngestionPipelineSpec> = {},
): Promise<void> {
  const { cluster } = world;
  if (!(await cluster.kubectl('get', 'namespaces', '--output=name')).includes(`namespace/${namespace}\n`)) {
    await world.createNamespace(namespace);
  }
  await cluster.apply(pipelineManifest({ namespace, name }, changes));
  await expectReadyAt(`${namespace}/${name}`);
}

/** Clients `airflow` and `second` in a namespace, each of an Airflow of its own. */
async function twoAirflows(namespace: string): Promise<{ first: FakeAirflow; second: FakeAirflow }> {
  const [first, second] = await Promise.all([world.startAirflow(), world.startAirflow()]);
  await world.createNamespace(namespace, first);
  await world.cluster.apply(clientManifest({ namespace, name: 'second' }, world.serversOf(second)));
  return { first, second };
}

async function moveTo(namespace: string, name: string): Promise<void> {
  await world.cluster.apply(pipelineManifest({ namespace, name: 'orders' }, { clientRef: { name } }));
}

/** A namespace whose client admits these namespaces. */
async function grant(namespace: string, allowedNamespaces: AllowedNamespaces): Promise<void> {
  await world.createNamespace(namespace);
  await world.cluster.apply(
    clientManifest({ namespace, name: 'airflow' }, world.servers, { allowedNamespaces }),
  );
}

function guestManifest(namespace: string, clientNamespace: string): object {
  const clientRef = { name: 'airflow', namespace: clientNamespace };
  return pipelineManifest({ namespace, name: 'orders' }, { clientRef });
}

async function expectReadyAt(key: string): Promise<void> {
  await eventually(async () => expectReady(await world.cluster.pipeline(key)), PATIENCE);
}

async function expectStalled(key: string, reason: string, message: RegExp): Promise<void> {
  await eventually(async () => {
    const pipeline = await world.cluster.pipeline(key);
    expect(conditionOf(pipeline, 'Stalled')).toMatchObject({ status: 'True', reason });
    expect(conditionOf(pipeline, 'Ready')).toMatchObject({ status: 'False', reason });
    expect(conditionOf(pipeline, 'Ready')?.message).toMatch(message);
  }, PATIENCE);
}
