import { pathInNamespace, splitKey, type ObjectIdentity } from './kubeObject.ts';
import { createListWatch, type ListWatch } from './listWatch.ts';
import { createObjectStore } from './objectStore.ts';
import { DEFAULT_TIMING, type ReflectorOptions } from './reflectorOptions.ts';
import { untilAborted } from './untilAborted.ts';

/** A local copy of a kind's objects, right but late, that tells which keys have changed. */
export interface Reflector<T> {
  /** Lists and watches until the signal is aborted; survives every fault of the API server. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** True once everything has been listed. */
  synced(): boolean;
  /** Resolves once synced; rejects with the signal's reason if that comes first. */
  whenSynced(signal: AbortSignal): Promise<void>;
  get(key: string): T | undefined;
  list(): Iterable<T>;
  /** Takes the answer to an own write, so that the next reconcile does not act on the state before it. */
  put(object: T): void;
  /** Milliseconds since the API server was last heard of; Infinity before the first time. */
  lastEventAge(): number;
}

export function createReflector<T extends ObjectIdentity>(options: ReflectorOptions<T>): Reflector<T> {
  const store = createObjectStore<T>();
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const scopes: readonly (string | undefined)[] = options.namespaces ?? [undefined];
  const listWatches = scopes.map((namespace) =>
    createListWatch({
      ...options,
      store,
      timing,
      path: pathInNamespace(options.path, namespace),
      covers: (key) => namespace === undefined || splitKey(key).namespace === namespace,
    }),
  );
  let synced = false;
  const allListed = Promise.all(listWatches.map(({ listed }) => listed)).then(() => {
    synced = true;
  });

  return {
    run: async (signal) => {
      await Promise.all(listWatches.map((listWatch) => listWatch.run(signal)));
    },
    synced: () => synced,
    whenSynced: (signal) => untilAborted(allListed, signal),
    get: (key) => store.get(key),
    list: () => store.values(),
    put: (object) => {
      store.putWritten(object);
    },
    lastEventAge: () => options.clock() - oldest(listWatches),
  };
}

function oldest(listWatches: readonly ListWatch[]): number {
  return Math.min(...listWatches.map((listWatch) => listWatch.lastSeen()));
}
