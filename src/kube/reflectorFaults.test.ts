import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { resetConnection, sendStatus } from './testing/fakeApiServer.ts';
import { eventually, type ReflectorBench, startReflectorBench } from './testing/reflectorBench.ts';

let bench: ReflectorBench;

beforeEach(async () => {
  bench = await startReflectorBench();
});

afterEach(() => bench.close());

interface FaultRow {
  /** Done before the reflector starts. */
  before?(): void;
  /** Done while it watches; afterwards `a/new` is made and `a/old` deleted. */
  during?(): void;
  /** True where a new LIST is the cure; else the watch must be resumed. */
  readonly relists: boolean;
}

const faults: Record<string, FaultRow> = {
  'the first LIST answers 503, 500 and 401': {
    before() {
      bench.server.onceList((response) => sendStatus(response, 503, 'ServiceUnavailable'));
      bench.server.onceList((response) => sendStatus(response, 500, 'InternalError'));
      bench.server.onceList((response) => sendStatus(response, 401, 'Unauthorized'));
    },
    relists: true,
  },
  'the first LIST is cut, then is no JSON, then is no list': {
    before() {
      bench.server.onceList(resetConnection);
      bench.server.onceList((response) => response.end('<html>'));
      bench.server.onceList((response) => response.end('{"items": 3}'));
    },
    relists: true,
  },
  'the token of the second page has expired': {
    before() {
      bench.server.onceList((response, url) => {
        const body = { metadata: { resourceVersion: '100', continue: '1' }, items: [] };
        response.end(url.searchParams.has('continue') ? '' : JSON.stringify(body));
      });
      bench.server.onceList((response) => sendStatus(response, 410, 'Expired'));
    },
    relists: true,
  },
  'the watch answers 503 and 401, then is reset before an answer': {
    before() {
      bench.server.onceWatch((response) => sendStatus(response, 503, 'ServiceUnavailable'));
      bench.server.onceWatch((response) => sendStatus(response, 401, 'Unauthorized'));
      bench.server.onceWatch(resetConnection);
    },
    relists: false,
  },
  'the connection of the watch is reset': { during: () => bench.server.watches[0]?.reset(), relists: false },
  'the watch ends cleanly': { during: () => bench.server.watches[0]?.end(), relists: false },
  'an event is torn by a reset': {
    during() {
      bench.server.watches[0]?.write('{"type":"ADDED","object":{"metadata":{"na');
      bench.server.watches[0]?.reset();
    },
    relists: false,
  },
  'an event is torn by a clean end': {
    during() {
      bench.server.watches[0]?.write('{"type":"ADDED","object":{"metadata":{"na');
      bench.server.watches[0]?.end();
    },
    relists: false,
  },
  'a line is malformed': { during: () => bench.server.watches[0]?.write('{"type":"ADD\n'), relists: true },
  'a line is of an unknown kind': {
    during: () => bench.server.watches[0]?.write('{"type":"WONDER","object":{}}\n'),
    relists: true,
  },
  'an object lacks its metadata': {
    during: () =>
      bench.server.watches[0]?.write('{"type":"ADDED","object":{"metadata":{"resourceVersion":"900"}}}\n'),
    relists: true,
  },
  'an empty line comes': { during: () => bench.server.watches[0]?.write('\n\r\n'), relists: false },
  '410 comes as an event': {
    during: () => bench.server.watches[0]?.write('{"type":"ERROR","object":{"kind":"Status","code":410}}\n'),
    relists: true,
  },
  '500 comes as an event': {
    during: () => bench.server.watches[0]?.write('{"type":"ERROR","object":{"kind":"Status","code":500}}\n'),
    relists: false,
  },
  '410 comes as a status, with a deletion in the gap': {
    during() {
      bench.server.watches[0]?.reset();
      bench.server.put('a/between');
      bench.server.delete('a/between');
      bench.server.compact();
    },
    relists: true,
  },
  'the connection is half open': { during: () => bench.server.watches[0]?.freeze(), relists: false },
};

test.each(Object.entries(faults))(
  'nothing is missed when %s',
  async (_sentence, { before, during, relists }) => {
    bench.server.put('a/old');
    before?.();
    const reflector = bench.start({ timing: { idleLimit: 100 } });
    await bench.untilWatching();
    const lists = before ? 1 : bench.count('list');

    during?.();
    bench.server.put('a/new');
    bench.server.delete('a/old');

    await bench.untilHolds(reflector, ['a/new']);
    expect(bench.count('list') > lists).toBe(relists);
    await bench.untilWatching();
    bench.server.put('a/newer');
    await bench.untilHolds(reflector, ['a/new', 'a/newer']);
  },
);

describe('load on the API server', () => {
  test('watches that end at once are opened less and less often, and still nothing is missed', async () => {
    const reflector = bench.start({ timing: { shortWatch: { first: 10, longest: 50 } } });
    await bench.untilWatching();

    bench.server.setWatchFault((response) => response.end());
    bench.server.watches[0]?.end();
    await sleep(120);
    expect(bench.count('watch')).toBeLessThan(12);
    expect(bench.count('list')).toBe(1);
    bench.server.put('a/1');
    bench.server.setWatchFault(undefined);

    await bench.untilHolds(reflector, ['a/1']);
  });

  test('a server that expires every version is listed less and less often', async () => {
    bench.server.setWatchFault((response) => sendStatus(response, 410, 'Expired'));
    bench.start({ timing: { retry: { first: 10, longest: 50 } } });

    await sleep(120);

    expect(bench.count('list')).toBeLessThan(12);
  });

  test('a wait that the server asks for is kept', async () => {
    bench.server.onceList((response) => {
      response.setHeader('retry-after', '0.1');
      sendStatus(response, 429, 'TooManyRequests');
    });
    const reflector = bench.start();

    await sleep(60);
    expect(bench.count('list')).toBe(1);
    await reflector.whenSynced(AbortSignal.timeout(1_000));

    expect(bench.count('list')).toBe(2);
  });

  test('a version that the server does not know yet is given up after some attempts', async () => {
    bench.server.put('a/1');
    bench.server.setWatchFault((response) => sendStatus(response, 504, 'Timeout'));
    const reflector = bench.start();
    await reflector.whenSynced(AbortSignal.timeout(1_000));

    bench.server.restore(50);
    bench.server.put('a/2');
    await eventually(() => expect(bench.count('list')).toBeGreaterThan(1));

    await bench.untilHolds(reflector, ['a/2']);
  });

  test('after a bookmark the watch is resumed from there', async () => {
    bench.start();
    await bench.untilWatching();

    bench.server.put('b/1');
    bench.server.bookmark();
    bench.server.bookmark();
    await eventually(() => expect(bench.keys).toHaveLength(1));
    await sleep(5);
    bench.server.watches[0]?.reset();
    await eventually(() => expect(bench.count('watch')).toBe(2));

    expect(bench.server.requests).toEqual(['list', 'watch 100', 'watch 103']);
  });

  test('bookmarks keep a quiet watch alive', async () => {
    bench.start({ timing: { idleLimit: 200 } });
    await bench.untilWatching();

    for (let round = 0; round < 6; round += 1) {
      await sleep(50);
      bench.server.bookmark();
    }

    expect(bench.count('watch')).toBe(1);
  });
});
