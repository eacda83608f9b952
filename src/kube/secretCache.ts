import type { Clock } from '../domain/clock.ts';
import { isKubeError, type KubeError } from './kubeError.ts';
import type { Secret } from './secrets.ts';

export interface SecretCacheOptions {
  readSecret(namespace: string, name: string): Promise<Secret>;
  readonly clock: Clock;
  /** Milliseconds for which a value read is good; default 60 s. */
  readonly maxAge?: number;
  /** Milliseconds for which "there is no such secret" is good; default 5 s. */
  readonly missingMaxAge?: number;
  /** Secrets remembered at most; default 5,000. */
  readonly maxEntries?: number;
}

/** Spares the API server from a read per reconcile. Values live in memory only. */
export interface SecretCache {
  /** Fresh enough or read now. Throws KubeError; failures other than `notFound` are not remembered. */
  get(namespace: string, name: string): Promise<Secret>;
  /** The next {@link get} reads. */
  invalidate(namespace: string, name: string): void;
  /** The last value that was ever read, even if the secret is gone or unreadable since, with its age in ms. */
  lastKnown(namespace: string, name: string): { readonly secret: Secret; readonly age: number } | undefined;
}

interface Entry {
  secret: Secret | undefined;
  readAt: number;
  missing: KubeError | undefined;
  goodUntil: number;
  reading: Promise<Secret> | undefined;
  /** Changed by an invalidation, so that a read begun before it does not count as fresh. */
  generation: number;
}

export function createSecretCache(options: SecretCacheOptions): SecretCache {
  const { clock, maxAge = 60_000, missingMaxAge = 5_000, maxEntries = 5_000 } = options;
  const entries = new Map<string, Entry>();

  function entryOf(namespace: string, name: string): Entry {
    const key = `${namespace}/${name}`;
    const entry = entries.get(key) ?? newEntry();
    entries.delete(key);
    entries.set(key, entry);
    const [leastUsed] = entries.keys();
    if (entries.size > maxEntries && leastUsed !== undefined) {
      entries.delete(leastUsed);
    }
    return entry;
  }

  async function read(entry: Entry, namespace: string, name: string): Promise<Secret> {
    const started = clock();
    const { generation } = entry;
    function remember(missing: KubeError | undefined, age: number): void {
      if (entry.generation === generation) {
        entry.missing = missing;
        entry.goodUntil = started + age;
        entry.reading = undefined;
      }
    }
    try {
      const secret = await options.readSecret(namespace, name);
      // The same object for the same version, so that callers can compare by identity.
      entry.secret = entry.secret?.resourceVersion === secret.resourceVersion ? entry.secret : secret;
      entry.readAt = started;
      remember(undefined, maxAge);
      return entry.secret;
    } catch (error) {
      const missing = isKubeError(error, 'notFound');
      remember(missing ? error : undefined, missing ? missingMaxAge : 0);
      throw error;
    }
  }

  return {
    async get(namespace, name) {
      const entry = entryOf(namespace, name);
      if (clock() < entry.goodUntil) {
        if (entry.missing) {
          throw entry.missing;
        }
        if (entry.secret) {
          return entry.secret;
        }
      }
      entry.reading ??= read(entry, namespace, name);
      return entry.reading;
    },

    invalidate(namespace, name) {
      const entry = entries.get(`${namespace}/${name}`);
      if (entry) {
        entry.generation += 1;
        entry.goodUntil = -Infinity;
        entry.reading = undefined;
      }
    },

    lastKnown(namespace, name) {
      const entry = entries.get(`${namespace}/${name}`);
      return entry?.secret && { secret: entry.secret, age: clock() - entry.readAt };
    },
  };
}

function newEntry(): Entry {
  return {
    secret: undefined,
    readAt: -Infinity,
    missing: undefined,
    goodUntil: -Infinity,
    reading: undefined,
    generation: 0,
  };
}
