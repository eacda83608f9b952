import { z } from 'zod';
import { toKubeError } from './kubeError.ts';
import { keyOf, ObjectIdentity, slim } from './kubeObject.ts';
import { listPages } from './listPages.ts';
import type { ObjectStore } from './objectStore.ts';
import { parsed } from './parsed.ts';
import { pause } from './pause.ts';
import type { ReflectorOptions, ReflectorTiming } from './reflectorOptions.ts';
import { retryDelay } from './retryDelay.ts';
import { type WatchEvent, watchEvents } from './watchStream.ts';

/** As fast as 500, with smaller stalls and less memory. */
const DEFAULT_PAGE_SIZE = 250;
const LONGEST_RETRY_AFTER = 60_000;
/** After so many failed watches in a row the version itself may be the trouble, as after a restored backup. */
const FAILURES_BEFORE_RELIST = 6;

const Versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

export interface ListWatch {
  /** Lists and watches until the signal is aborted. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when everything has been listed once. */
  readonly listed: Promise<void>;
  /** The moment of the last byte from the API server, -Infinity before the first. */
  lastSeen(): number;
}

interface ListWatchOptions<T extends ObjectIdentity> extends ReflectorOptions<T> {
  readonly store: ObjectStore<T>;
  readonly timing: ReflectorTiming;
  /** True for the keys that a LIST of this path would contain. */
  covers(key: string): boolean;
}

/** Keeps the store equal to one collection, whatever happens to the connection. */
export function createListWatch<T extends ObjectIdentity>(options: ListWatchOptions<T>): ListWatch {
  const { kubeConfig, path, labelSelector, store, timing, clock, random, log, hooks } = options;
  const firstList = Promise.withResolvers<void>();
  let position: string | undefined;
  let relistAt = 0;
  let lastSeen = -Infinity;
  let failures = 0;
  let shortWatches = 0;

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const delay = await cycle(signal).catch((error: unknown) => (signal.aborted ? 0 : recover(error)));
      await pause(delay, signal);
    }
  }

  async function cycle(signal: AbortSignal): Promise<number> {
    if (position === undefined || clock() >= relistAt) {
      position = await list(signal);
    }
    return watch(position, signal);
  }

  async function list(signal: AbortSignal): Promise<string> {
    const started = clock();
    const seen = new Set<string>();
    store.beginList();
    const version = await listPages(
      kubeConfig,
      { path, labelSelector, pageSize: options.pageSize ?? DEFAULT_PAGE_SIZE, signal },
      (raw) => takeListed(raw, seen),
    );
    for (const key of store.keys()) {
      if (options.covers(key) && !seen.has(key)) {
        store.remove(key);
        deliver(key, 'list');
      }
    }
    lastSeen = clock();
    relistAt = lastSeen + timing.relistEvery * (0.9 + random() / 5);
    firstList.resolve();
    hooks?.listed?.(seen.size, lastSeen - started);
    return version;
  }

  function takeListed(raw: unknown, seen: Set<string>): void {
    const { key, resourceVersion } = identify(raw);
    seen.add(key);
    if (!store.has(key, resourceVersion) && take(key, raw, store.putListed)) {
      deliver(key, 'list');
    }
  }

  async function watch(from: string, signal: AbortSignal): Promise<number> {
    const opened = clock();
    const duration = Math.min(timing.watchDuration * (1 + random()), Math.max(0, relistAt - opened));
    hooks?.watchOpened?.();
    const request = {
      path,
      labelSelector,
      resourceVersion: from,
      idleLimit: timing.idleLimit,
      duration,
      signal,
    };
    for await (const events of watchEvents(kubeConfig, request)) {
      lastSeen = clock();
      events.forEach(takeEvent);
    }
    failures = 0;
    if (clock() - opened >= timing.shortWatch.first) {
      shortWatches = 0;
      return 0;
    }
    shortWatches = position === from ? shortWatches + 1 : 1;
    return retryDelay(shortWatches, timing.shortWatch, random);
  }

  function takeEvent({ type, object }: WatchEvent): void {
    const { resourceVersion } = parsed(Versioned, object, path).metadata;
    if (type !== 'BOOKMARK') {
      const { key } = identify(object);
      const changed =
        type === 'DELETED' ? store.remove(key, resourceVersion) : take(key, object, store.putWatched);
      if (changed) {
        deliver(key, 'watch');
      }
    }
    if (position !== resourceVersion) {
      position = resourceVersion;
      failures = 0;
    }
  }

  /** Parses and stores; an object that does not parse is treated as absent. */
  function take(key: string, raw: unknown, put: (object: T) => boolean): boolean {
    try {
      return put(options.parse(slim(raw)));
    } catch (error) {
      log.error({ path, key, reason: toKubeError(error).reason }, 'object does not parse, treated as absent');
      return store.remove(key);
    }
  }

  function deliver(key: string, source: 'list' | 'watch'): void {
    try {
      options.onKey(key, source);
    } catch (error) {
      log.error({ path, key, reason: toKubeError(error).reason }, 'handler of changed keys failed');
    }
  }

  function recover(thrown: unknown): number {
    const error = toKubeError(thrown, path);
    failures += 1;
    const brokenAnswer = error.kind === 'unexpected' && error.status === undefined;
    if (error.kind === 'expired' || brokenAnswer || failures % FAILURES_BEFORE_RELIST === 0) {
      position = undefined;
    }
    const asked = Math.min(error.retryAfter ?? 0, LONGEST_RETRY_AFTER);
    const delay = Math.max(asked, retryDelay(failures, timing.retry, random));
    hooks?.failed?.(error.kind);
    log.warn(
      { path, kind: error.kind, reason: error.message, failures, delay },
      'list or watch failed, going on',
    );
    return delay;
  }

  function identify(raw: unknown): { key: string; resourceVersion: string } {
    const identity = parsed(ObjectIdentity, raw, path);
    return { key: keyOf(identity), resourceVersion: identity.metadata.resourceVersion };
  }

  return { run, listed: firstList.promise, lastSeen: () => lastSeen };
}
