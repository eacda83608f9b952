import { describe, expect, it } from 'vitest';
import { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { START } from '../testing/clockwork.ts';
import { createConfigShelf } from '../testing/configShelf.ts';
import { CLIENT_KEY, clientManifest, PIPELINE_KEY, pipelineManifest } from '../testing/manifests.ts';
import { createResourceStore } from '../testing/resourceStore.ts';
import { createConfigMapShards } from './configMapShards.ts';
import { createShardWatcher } from './shardWatcher.ts';

const path = 'openmetadata/documents-00';
const place = { namespace: 'openmetadata', name: 'documents-00', key: '00-orders.json' };
const { signal } = new AbortController();

function documentOf(owner: string, text = ''): string {
  return JSON.stringify({
    text,
    description: `[ingestion.open-metadata.org default/${owner} 0123456789ab]`,
  });
}

interface Bench {
  /** Writes as the operator does, and tells of it. */
  write(text: string): Promise<void>;
  remove(): Promise<void>;
  /** Changes by another hand, and tells of it. */
  change(data: Readonly<Record<string, string>> | undefined): void;
  /** Whether the document is known to stand there. */
  isThere(): boolean;
  /** Whom that has called, since the last question. */
  called(): string[];
}

/** Whose watch tells of an own write before or after the answer to it. */
function createBench(order: 'before' | 'after' = 'after'): Bench {
  const shelf = createConfigShelf();
  const common = { clock: () => START, onChange: () => {} };
  const pipelines = createResourceStore({ ...common, parse: (raw) => IngestionPipeline.parse(raw) });
  const clients = createResourceStore({ ...common, parse: (raw) => PipelineServiceClient.parse(raw) });
  pipelines.create(pipelineManifest());
  clients.create(clientManifest());
  clients.create(clientManifest({}, { namespace: 'elsewhere' }));
  const calls = new Set<string>();
  const queue = { addAfter: (key: string) => calls.add(key) };
  const configMaps = createConfigMapShards(shelf.shards, {
    ...shelf.configMaps,
    async applyKey(entry) {
      await shelf.configMaps.applyKey(entry);
      if (order === 'before') {
        watch(path);
      }
    },
  });
  const watch = createShardWatcher({
    shards: shelf.shards,
    pipelines,
    clients,
    pipelineQueue: queue,
    clientQueue: queue,
    notice: configMaps.notice,
  });
  return {
    async write(text) {
      await configMaps.put(place, text, signal);
      watch(path);
    },
    async remove() {
      await configMaps.take(place, signal);
      watch(path);
    },
    change(data) {
      if (data === undefined) {
        shelf.texts.delete(path);
      } else {
        shelf.texts.set(path, data);
      }
      watch(path);
    },
    isThere: () => configMaps.find(place) !== undefined,
    called() {
      const called = [...calls].toSorted();
      calls.clear();
      return called;
    },
  };
}

describe('the watch over documents', () => {
  it('calls nobody for what the operator does, or finds at the start', async () => {
    const bench = createBench();
    bench.change({ [place.key]: documentOf(PIPELINE_KEY) });
    await bench.write(documentOf(PIPELINE_KEY, 'b'));
    await bench.remove();
    await bench.write(documentOf(PIPELINE_KEY, 'c'));

    expect(bench.called()).toEqual([]);
  });

  it.each([
    ['changed', { [place.key]: 'by hand' }],
    ['removed', {}],
    ['deleted with its ConfigMap', undefined],
  ])('calls the pipeline whose document was %s', async (_, data) => {
    const bench = createBench();
    bench.change({});
    await bench.write(documentOf(PIPELINE_KEY));
    bench.change(data);

    expect(bench.called()).toEqual([PIPELINE_KEY]);
  });

  it.each(['before', 'after'] as const)(
    'knows that a document is gone, though it was told of its write only %s the answer to that',
    async (order) => {
      const bench = createBench(order);
      await bench.write(documentOf(PIPELINE_KEY));
      bench.change(undefined);

      expect(bench.isThere()).toBe(false);
    },
  );

  it('calls the pipeline whose former document came back', async () => {
    const bench = createBench();
    bench.change({ [place.key]: documentOf(PIPELINE_KEY) });
    await bench.remove();
    bench.change({ [place.key]: documentOf(PIPELINE_KEY) });

    expect(bench.called()).toEqual([PIPELINE_KEY]);
  });

  it('calls the clients of the namespace for anything else', () => {
    const bench = createBench();
    bench.change({ 'loader-00.py': 'text' });
    bench.change({ 'loader-00.py': 'changed' });

    expect(bench.called()).toEqual([CLIENT_KEY]);
  });

  it('calls nobody where the pipeline is gone', () => {
    const bench = createBench();
    bench.change({ [place.key]: documentOf('team-a/gone') });
    bench.change({});

    expect(bench.called()).toEqual([]);
  });
});
