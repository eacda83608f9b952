import { describe, expect, it } from 'vitest';
import { createConfigShelf, type ConfigShelf } from '../testing/configShelf.ts';
import { createConfigMapShards, type DocumentShard } from './configMapShards.ts';
import type { StoredDocument } from './documentPlace.ts';
import { createDocumentStore, type DocumentStore } from './documentStore.ts';
import { createSecretShards } from './secretShards.ts';

const target = { namespace: 'openmetadata', name: 'documents-00', key: '00-orders.json' };
const path = 'openmetadata/documents-00';
const { signal } = new AbortController();

interface Bench {
  readonly shelf: ConfigShelf;
  readonly store: DocumentStore;
  /** What the operator's watch tells from now on is what there is now. */
  catchUp(): void;
}

function inConfigMap(text: string): StoredDocument {
  return { kind: 'ConfigMap', text };
}

/** A store whose watch is always behind. */
function createBench(): Bench {
  const shelf = createConfigShelf();
  const seen = new Map<string, DocumentShard | undefined>();
  const watched = {
    get: (key: string) => seen.get(key),
    list: () => [...seen.values()].filter((shard) => shard !== undefined),
  };
  const store = createDocumentStore(
    createConfigMapShards(watched, shelf.configMaps),
    createSecretShards(shelf.reader, shelf.secretKeys, () => 0),
  );
  return { shelf, store, catchUp: () => seen.set(path, shelf.shards.get(path)) };
}

describe('the document store', () => {
  it('writes a document beside those of others', async () => {
    const { shelf, store } = createBench();
    shelf.texts.set(path, { other: 'kept' });

    expect(await store.write(target, inConfigMap('a'), signal)).toBe('written');
    expect(shelf.texts.get(path)).toEqual({ other: 'kept', '00-orders.json': 'a' });
  });

  it.each([
    ['has not told of the write yet', false],
    ['has told of it', true],
  ])('never writes what stands there already, whether the watch %s', async (_, isCaughtUp) => {
    const { shelf, store, catchUp } = createBench();
    await store.write(target, inConfigMap('a'), signal);
    if (isCaughtUp) {
      catchUp();
    }

    expect(await store.write(target, inConfigMap('a'), signal)).toBe('unchanged');
    expect(shelf.writes()).toBe(1);
  });

  it('writes nothing after a restart where all is as it was', async () => {
    const { shelf, store, catchUp } = createBench();
    shelf.texts.set(path, { [target.key]: 'a' });
    catchUp();

    expect(await store.write(target, inConfigMap('a'), signal)).toBe('unchanged');
  });

  it('writes each change, also back to what the watch still shows', async () => {
    const { shelf, store, catchUp } = createBench();
    await store.write(target, inConfigMap('a'), signal);
    catchUp();
    await store.write(target, inConfigMap('b'), signal);

    expect(await store.write(target, inConfigMap('a'), signal)).toBe('written');
    expect(shelf.texts.get(path)).toEqual({ [target.key]: 'a' });
  });

  it.each([
    ['changed', 'by hand'],
    ['put back to what stood there before', 'former'],
  ])('writes again what somebody has %s', async (_, text) => {
    const { shelf, store, catchUp } = createBench();
    shelf.texts.set(path, { [target.key]: 'former' });
    catchUp();
    await store.write(target, inConfigMap('a'), signal);
    catchUp();
    await store.write(target, inConfigMap('a'), signal);
    shelf.texts.set(path, { [target.key]: text });
    catchUp();

    expect(await store.write(target, inConfigMap('a'), signal)).toBe('written');
    expect(shelf.texts.get(path)).toEqual({ [target.key]: 'a' });
  });

  it('writes again what somebody has removed', async () => {
    const { shelf, store, catchUp } = createBench();
    await store.write(target, inConfigMap('a'), signal);
    catchUp();
    await store.write(target, inConfigMap('a'), signal);
    shelf.texts.set(path, {});
    catchUp();

    expect(await store.write(target, inConfigMap('a'), signal)).toBe('written');
  });

  it('refuses what would not fit any more, in bytes, and leaves the former text', async () => {
    const { shelf, store, catchUp } = createBench();
    shelf.texts.set(path, { [target.key]: 'a', other: 'x'.repeat(500_000) });
    catchUp();

    expect(await store.write(target, inConfigMap('ü'.repeat(300_000)), signal)).toBe('full');
    expect(await store.write(target, inConfigMap('x'.repeat(300_000)), signal)).toBe('written');
    expect(shelf.texts.get(path)?.[target.key]).toHaveLength(300_000);
  });

  it('does not count the text that it replaces', async () => {
    const { shelf, store, catchUp } = createBench();
    shelf.texts.set(path, { [target.key]: 'x'.repeat(900_000) });
    catchUp();

    expect(await store.write(target, inConfigMap('y'.repeat(900_000)), signal)).toBe('written');
  });

  it('removes a document, also one that the watch has not told of yet', async () => {
    const { shelf, store } = createBench();
    await store.write(target, inConfigMap('a'), signal);
    await store.remove(target, signal);

    expect(shelf.texts.get(path)).toEqual({});
  });

  it('leaves a ConfigMap alone in which there is no such document', async () => {
    const { shelf, store } = createBench();
    await store.remove(target, signal);

    expect(shelf.writes()).toBe(0);
  });

  it('writes a document anew that it has removed, whatever the watch still shows', async () => {
    const { shelf, store, catchUp } = createBench();
    await store.write(target, inConfigMap('a'), signal);
    catchUp();
    await store.remove(target, signal);

    expect(await store.write(target, inConfigMap('a'), signal)).toBe('written');
    expect(shelf.texts.get(path)).toEqual({ [target.key]: 'a' });
  });
});
