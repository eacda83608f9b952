import { expect, vi } from 'vitest';
import { z } from 'zod';
import { createReflector, type Reflector } from '../reflector.ts';
import type { ReflectorOptions } from '../reflectorOptions.ts';
import { type FakeApiServer, startFakeApiServer } from './fakeApiServer.ts';
import { linesLogger, type LogLine } from './linesLogger.ts';

export const Thing = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
  }),
  spec: z.object({ version: z.number() }),
});
export type Thing = z.infer<typeof Thing>;

/** A fake API server and reflectors on it, with timings of milliseconds. */
export interface ReflectorBench {
  readonly server: FakeApiServer;
  /** The keys delivered, each with its source. */
  readonly keys: string[];
  readonly lines: readonly LogLine[];
  start(options?: Partial<ReflectorOptions<Thing>>): Reflector<Thing>;
  /** Waits until the reflector holds just these keys. */
  untilHolds(reflector: Reflector<Thing>, wanted: readonly string[]): Promise<void>;
  untilWatching(count?: number): Promise<void>;
  /** How many requests of that kind there were. */
  count(kind: 'list' | 'watch'): number;
  /** Aborts all reflectors and waits for their end. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function startReflectorBench(): Promise<ReflectorBench> {
  const server = await startFakeApiServer();
  const running: { stop: AbortController; finished: Promise<void> }[] = [];
  const keys: string[] = [];
  const log = linesLogger();

  async function stop(): Promise<void> {
    running.forEach((reflector) => reflector.stop.abort());
    await Promise.all(running.map(({ finished }) => finished));
  }

  return {
    server,
    keys,
    lines: log.lines,
    stop,

    start(options = {}) {
      const reflector = createReflector<Thing>({
        kubeConfig: server.kubeConfig,
        path: '/api/things',
        parse: (raw) => Thing.parse(raw),
        onKey: (key, source) => keys.push(`${source} ${key}`),
        log,
        clock: () => Date.now(),
        random: () => 0,
        ...options,
        timing: {
          retry: { first: 10, longest: 20 },
          shortWatch: { first: 10, longest: 20 },
          ...options.timing,
        },
      });
      const abort = new AbortController();
      running.push({ stop: abort, finished: reflector.run(abort.signal) });
      return reflector;
    },

    untilHolds: (reflector, wanted) =>
      eventually(() => {
        const held = [...reflector.list()].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
        expect(held.toSorted()).toEqual(wanted);
      }),

    untilWatching: (count = 1) => eventually(() => expect(server.watches).toHaveLength(count)),

    count: (kind) => server.requests.filter((request) => request.startsWith(kind)).length,

    async close() {
      await stop();
      await server.close();
    },
  };
}

/** Repeats the assertion until it holds. */
export function eventually(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 2_000, interval: 2 });
}
