import { describe, expect, it } from 'vitest';
import { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Priority } from '../../controller/priority.ts';
import { START } from '../testing/clockwork.ts';
import { CLIENT_KEY, clientManifest, pipelineManifest } from '../testing/manifests.ts';
import { createResourceStore, type ResourceStore } from '../testing/resourceStore.ts';
import { createPipelineIndex, type PipelineIndex } from './pipelineIndex.ts';
import { createRouting } from './routing.ts';

interface Bench {
  readonly pipelines: ResourceStore<IngestionPipeline>;
  readonly clients: ResourceStore<PipelineServiceClient>;
  readonly index: PipelineIndex;
  dagsChanged(...dagIds: readonly string[]): void;
  /** Who was called since the last question, as `key`, `key low` or `key later`. */
  called(): { pipelines: string[]; clients: string[] };
}

function createBench(): Bench {
  const index = createPipelineIndex();
  const pipelineCalls = new Set<string>();
  const clientCalls = new Set<string>();
  const common = { clock: () => START };
  const pipelines = createResourceStore({
    ...common,
    parse: (raw) => IngestionPipeline.parse(raw),
    onChange: (key) => routing.pipelineChanged(key, 'watch'),
  });
  const clients = createResourceStore({
    ...common,
    parse: (raw) => PipelineServiceClient.parse(raw),
    onChange: (key) => routing.clientChanged(key, 'watch'),
  });
  const routing = createRouting({
    pipelines,
    clients,
    index,
    pipelineQueue: { add: (key, priority) => pipelineCalls.add(line(key, priority)) },
    clientQueue: {
      add: (key, priority) => clientCalls.add(line(key, priority)),
      addAfter: (key) => clientCalls.add(`${key} later`),
    },
    defaultClient: { namespace: 'openmetadata', name: 'airflow' },
  });
  return {
    pipelines,
    clients,
    index,
    dagsChanged: (...dagIds) => routing.dagsChanged(CLIENT_KEY, new Set(dagIds)),
    called() {
      const calls = { pipelines: [...pipelineCalls].toSorted(), clients: [...clientCalls].toSorted() };
      pipelineCalls.clear();
      clientCalls.clear();
      return calls;
    },
  };
}

function line(key: string, priority: Priority = 'normal'): string {
  return priority === 'low' ? `${key} low` : key;
}

describe('a change of a pipeline', () => {
  it('calls that pipeline, and puts it into the index', () => {
    const { pipelines, index, called } = createBench();
    pipelines.create(pipelineManifest());

    expect(called().pipelines).toEqual(['team-a/orders']);
    expect(index.get('team-a/orders')).toEqual({ clientKey: CLIENT_KEY, dagId: 'team-a_orders' });
  });

  it('calls, when it is deleted, its client and those who claim the same DAG', () => {
    const { pipelines, index, called } = createBench();
    pipelines.create(pipelineManifest({ name: 'shared' }));
    pipelines.create(pipelineManifest({ name: 'shared' }, { namespace: 'team-b' }));
    called();
    pipelines.delete('team-a/orders');

    expect(called()).toEqual({
      pipelines: ['team-a/orders', 'team-b/orders'],
      clients: [`${CLIENT_KEY} later`],
    });
    expect([...index.claimantsOf(CLIENT_KEY, 'shared')]).toEqual(['team-b/orders']);
  });

  it('calls, when it turns to another client, both clients and those who claim the DAG on the old one', () => {
    const { pipelines, called } = createBench();
    pipelines.create(pipelineManifest({ name: 'shared' }));
    pipelines.create(pipelineManifest({ name: 'shared' }, { namespace: 'team-b' }));
    called();
    pipelines.edit('team-a/orders', ({ spec }) => ({ spec: { ...spec, clientRef: { name: 'other' } } }));

    expect(called()).toEqual({
      pipelines: ['team-a/orders', 'team-b/orders'],
      clients: [`${CLIENT_KEY} later`],
    });
  });

  it('calls nobody else when something else about it changes', () => {
    const { pipelines, called } = createBench();
    pipelines.create(pipelineManifest({ name: 'shared' }));
    pipelines.create(pipelineManifest({ name: 'shared' }, { namespace: 'team-b' }));
    called();
    pipelines.edit('team-a/orders', ({ spec }) => ({ spec: { ...spec, suspend: true } }));

    expect(called()).toEqual({ pipelines: ['team-a/orders'], clients: [] });
  });
});

describe('a change of a client', () => {
  it('calls the client, and the pipelines that refer to it', () => {
    const { pipelines, clients, called } = createBench();
    pipelines.create(pipelineManifest());
    pipelines.create(pipelineManifest({ clientRef: { name: 'other' } }, { name: 'customers' }));
    called();
    clients.create(clientManifest());

    expect(called()).toEqual({ pipelines: ['team-a/orders low'], clients: [CLIENT_KEY] });
  });

  it('calls no pipeline where only its status or metadata changed', () => {
    const { pipelines, clients, called } = createBench();
    clients.create(clientManifest());
    pipelines.create(pipelineManifest());
    called();
    clients.edit(CLIENT_KEY, ({ metadata }) => ({ metadata: { ...metadata, labels: { a: 'b' } } }));

    expect(called()).toEqual({ pipelines: [], clients: [CLIENT_KEY] });
  });

  it('called "default" takes over the pipelines of its namespace that name none, and gives them back', () => {
    const { pipelines, clients, index, called } = createBench();
    clients.create(clientManifest());
    pipelines.create(pipelineManifest({ clientRef: undefined }));
    pipelines.create(pipelineManifest({ clientRef: undefined }, { namespace: 'team-b' }));
    called();
    clients.create(clientManifest({}, { namespace: 'team-a', name: 'default' }));

    expect(index.get('team-a/orders')?.clientKey).toBe('team-a/default');
    expect(index.get('team-b/orders')?.clientKey).toBe(CLIENT_KEY);
    expect(called().pipelines).toEqual(['team-a/orders low']);

    clients.delete('team-a/default');

    expect(index.get('team-a/orders')?.clientKey).toBe(CLIENT_KEY);
    expect(called().pipelines).toEqual(['team-a/orders low']);
  });
});

describe('a change of DAGs', () => {
  it('calls everybody who claims one of them, and nobody else', () => {
    const { pipelines, dagsChanged, called } = createBench();
    pipelines.create(pipelineManifest());
    pipelines.create(pipelineManifest({}, { name: 'customers' }));
    called();
    dagsChanged('team-a_orders', 'somebody_elses');

    expect(called()).toEqual({ pipelines: ['team-a/orders'], clients: [] });
  });
});
