import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { sendStatus } from './testing/fakeApiServer.ts';
import { eventually, type ReflectorBench, startReflectorBench, Thing } from './testing/reflectorBench.ts';

const SECRET = 'planted-secret';

let bench: ReflectorBench;

beforeEach(async () => {
  bench = await startReflectorBench();
});

afterEach(() => bench.close());

describe('without faults', () => {
  test('everything is listed, page by page, then it is synced', async () => {
    for (const name of ['1', '2', '3', '4', '5']) {
      bench.server.put(`a/${name}`);
    }

    const reflector = bench.start({ pageSize: 2 });
    expect(reflector.synced()).toBe(false);
    expect(reflector.lastEventAge()).toBe(Infinity);
    await reflector.whenSynced(AbortSignal.timeout(1_000));

    expect(reflector.synced()).toBe(true);
    expect(bench.keys).toEqual(['list a/1', 'list a/2', 'list a/3', 'list a/4', 'list a/5']);
    expect(bench.server.requests.slice(0, 3)).toEqual(['list', 'list+', 'list+']);
    expect(reflector.lastEventAge()).toBeLessThan(1_000);
  });

  test('changes arrive as keys', async () => {
    const reflector = bench.start();
    await bench.untilWatching();

    bench.server.put('a/1');
    bench.server.put('a/2');
    const changed = bench.server.put('a/1');
    bench.server.delete('a/2');
    await bench.untilHolds(reflector, ['a/1']);

    expect(bench.keys).toEqual(['watch a/1', 'watch a/2', 'watch a/1', 'watch a/2']);
    expect(reflector.get('a/1')?.metadata.resourceVersion).toBe(changed.metadata.resourceVersion);
    expect(reflector.get('a/2')).toBeUndefined();
  });

  test('managedFields and the last applied configuration are not kept', async () => {
    bench.server.put('a/1', {
      managedFields: [{ manager: 'kubectl' }],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', kept: 'yes' },
    });

    const reflector = bench.start();
    await reflector.whenSynced(AbortSignal.timeout(1_000));

    const metadata = reflector.get('a/1')?.metadata;
    expect(metadata).not.toHaveProperty('managedFields');
    expect(metadata?.['annotations']).toEqual({ kept: 'yes' });
  });

  test('a character split between two pieces is put together', async () => {
    const reflector = bench.start();
    await bench.untilWatching();
    const event = {
      type: 'ADDED',
      object: {
        metadata: { name: 'ü', namespace: 'a', uid: 'u', resourceVersion: '900' },
        spec: { version: 1 },
      },
    };
    const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
    const middle = bytes.indexOf('ü') + 1;

    bench.server.watches[0]?.write(bytes.subarray(0, middle));
    await sleep(10);
    bench.server.watches[0]?.write(bytes.subarray(middle));

    await bench.untilHolds(reflector, ['a/ü']);
  });

  test('the safety net notices a deletion that no watch has told, and delivers nothing that is unchanged', async () => {
    bench.server.put('a/kept');
    bench.server.put('a/lost');
    let parses = 0;
    const reflector = bench.start({
      timing: { relistEvery: 20, idleLimit: 10 },
      parse(raw) {
        parses += 1;
        return Thing.parse(raw);
      },
    });
    await bench.untilWatching();
    bench.server.watches[0]?.freeze();
    bench.server.delete('a/lost');
    bench.server.compact();

    await bench.untilHolds(reflector, ['a/kept']);

    expect(bench.keys).toEqual(['list a/kept', 'list a/lost', 'list a/lost']);
    await eventually(() => expect(bench.count('list')).toBeGreaterThan(3));
    expect(bench.keys).toHaveLength(3);
    expect(parses).toBe(2);
  });
});

describe('namespaces', () => {
  test('only those asked for are read, and it is synced when all of them are', async () => {
    bench.server.put('a/1');
    bench.server.put('b/1');
    bench.server.put('c/1');
    bench.server.onceList((response) => sendStatus(response, 503, 'ServiceUnavailable'));

    const reflector = bench.start({ namespaces: ['a', 'b'] });
    await reflector.whenSynced(AbortSignal.timeout(1_000));
    await bench.untilWatching(2);
    bench.server.put('b/2');
    bench.server.put('c/2');
    bench.server.delete('a/1');

    await bench.untilHolds(reflector, ['b/1', 'b/2']);
  });

  test('listing one does not remove what is in another', async () => {
    bench.server.put('a/1');
    bench.server.put('b/1');
    const reflector = bench.start({ namespaces: ['a', 'b'], timing: { relistEvery: 20, idleLimit: 10 } });

    await eventually(() => expect(bench.count('list')).toBeGreaterThan(6));

    await bench.untilHolds(reflector, ['a/1', 'b/1']);
    expect(bench.keys.toSorted()).toEqual(['list a/1', 'list b/1']);
  });
});

describe('objects', () => {
  test('one that does not parse is treated as absent, and logged without its contents', async () => {
    bench.server.put('a/1');
    bench.server.put('a/2');
    const reflector = bench.start({
      parse(raw) {
        const thing = Thing.parse(raw);
        if (thing.metadata['bad']) {
          throw new Error(SECRET);
        }
        return thing;
      },
    });
    await bench.untilWatching();

    bench.server.put('a/1', { bad: SECRET });
    await bench.untilHolds(reflector, ['a/2']);
    bench.server.put('a/1');
    await bench.untilHolds(reflector, ['a/1', 'a/2']);

    expect(bench.keys.slice(2)).toEqual(['watch a/1', 'watch a/1']);
    expect(bench.lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { key: 'a/1' } }]);
    expect(JSON.stringify(bench.lines)).not.toContain(SECRET);
  });

  test('a handler that throws does not stop anything', async () => {
    const reflector = bench.start({
      onKey() {
        throw new Error(SECRET);
      },
    });
    await bench.untilWatching();

    bench.server.put('a/1');
    bench.server.put('a/2');

    await bench.untilHolds(reflector, ['a/1', 'a/2']);
    expect(bench.count('list')).toBe(1);
    expect(JSON.stringify(bench.lines)).not.toContain(SECRET);
  });

  test('an own write is seen at once, and its echo is no change', async () => {
    bench.server.put('a/1');
    const reflector = bench.start();
    await bench.untilWatching();
    bench.server.watches[0]?.freeze();

    const written = Thing.parse(bench.server.put('a/1'));
    reflector.put(written);
    expect(reflector.get('a/1')).toBe(written);
    bench.server.watches[0]?.reset();
    await eventually(() => expect(bench.count('watch')).toBe(2));
    bench.server.put('a/2');
    await bench.untilHolds(reflector, ['a/1', 'a/2']);

    expect(bench.keys).toEqual(['list a/1', 'watch a/2']);
  });

  test('an own write that is older than what is held, or of an object that is gone, is not taken', async () => {
    const older = Thing.parse(bench.server.put('a/1'));
    const newer = bench.server.put('a/1');
    const gone = Thing.parse(bench.server.put('a/gone'));
    bench.server.delete('a/gone');
    const reflector = bench.start();
    await bench.untilWatching();

    reflector.put(older);
    reflector.put(gone);

    expect(reflector.get('a/1')?.metadata.resourceVersion).toBe(newer.metadata.resourceVersion);
    expect(reflector.get('a/gone')).toBeUndefined();
  });
});

describe('the end', () => {
  test('an abort ends it at once, wherever it is, and no request follows', async () => {
    bench.start();
    await bench.untilWatching();
    bench.server.setWatchFault((response) => sendStatus(response, 503, 'ServiceUnavailable'));
    bench.server.onceList(() => {});
    bench.start({ timing: { retry: { first: 60_000, longest: 60_000 } } });
    await eventually(() => expect(bench.count('list')).toBe(2));

    await bench.stop();
    const { length } = bench.server.requests;
    await sleep(30);

    expect(bench.server.requests).toHaveLength(length);
    expect(bench.lines).toEqual([]);
  });

  test('waiting for the first list ends with the signal', async () => {
    bench.server.onceList(() => {});
    const reflector = bench.start();

    await expect(reflector.whenSynced(AbortSignal.timeout(10))).rejects.toThrow('aborted due to timeout');
  });
});
