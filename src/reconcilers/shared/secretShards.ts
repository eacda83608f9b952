import type { Clock } from '../../domain/clock.ts';
import type { SecretValue } from '../../domain/secretValue.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import type { SecretKeys } from '../../kube/secretKeys.ts';
import type { SecretReader } from '../../kube/secrets.ts';
import { type DocumentFacts, factsOf } from './documentFacts.ts';
import { DOCUMENT_LABELS, type DocumentKey, type Shard } from './documentPlace.ts';

/** Milliseconds for which a look at a Secret is good. */
const GOOD_FOR = 60_000;

type Documents = Map<string, DocumentFacts>;

interface Look {
  readonly documents: Promise<Documents>;
  readonly begun: number;
}

/**
 * Documents in Secrets. The operator may `get` a Secret by name and nothing more, so each is read again when it is asked
 * for and the last look is a minute old; only hashes are kept. Failures are KubeErrors.
 */
export interface SecretShards {
  /** What the Secret holds, as of at most a minute ago. */
  look(shard: Shard): Promise<ReadonlyMap<string, DocumentFacts>>;
  /**
   * The same as of any look since the start: enough to find documents that only the operator itself puts there. A Secret
   * that may not be read holds none.
   */
  recall(shard: Shard): Promise<ReadonlyMap<string, DocumentFacts>>;
  put(place: DocumentKey, text: SecretValue, signal: AbortSignal): Promise<void>;
  take(place: DocumentKey, signal: AbortSignal): Promise<void>;
}

export function createSecretShards(
  reader: Pick<SecretReader, 'readSecret'>,
  secretKeys: SecretKeys,
  clock: Clock,
): SecretShards {
  const looks = new Map<string, Look>();

  async function lookAt(path: string, maxAge: number): Promise<Documents> {
    const last = looks.get(path);
    if (last !== undefined && clock() - last.begun < maxAge) {
      return last.documents;
    }
    const look = { documents: read(reader, path), begun: clock() };
    looks.set(path, look);
    try {
      return await look.documents;
    } catch (error) {
      looks.delete(path);
      throw error;
    }
  }

  /** Also on a look that has begun before the change and ends after it. */
  async function note({ namespace, name, key }: DocumentKey, facts?: DocumentFacts): Promise<void> {
    const documents = await lookAt(`${namespace}/${name}`, Infinity);
    if (facts === undefined) {
      documents.delete(key);
    } else {
      documents.set(key, facts);
    }
  }

  return {
    look: ({ namespace, name }) => lookAt(`${namespace}/${name}`, GOOD_FOR),
    async recall({ namespace, name }) {
      try {
        return await lookAt(`${namespace}/${name}`, Infinity);
      } catch (error) {
        if (isKubeError(error, 'forbidden')) {
          return new Map();
        }
        throw error;
      }
    },
    async put(place, text, signal) {
      await secretKeys.applyKey({ ...place, value: text, labels: DOCUMENT_LABELS }, signal);
      await note(place, factsOf(place.key, text.reveal()));
    },
    async take(place, signal) {
      await secretKeys.removeKey(place, signal);
      await note(place);
    },
  };
}

/** A Secret that does not exist holds nothing. */
async function read(reader: Pick<SecretReader, 'readSecret'>, path: string): Promise<Documents> {
  const [namespace = '', name = ''] = path.split('/');
  try {
    const { data } = await reader.readSecret(namespace, name);
    return new Map([...data].map(([key, value]) => [key, factsOf(key, value.reveal())]));
  } catch (error) {
    if (isKubeError(error, 'notFound')) {
      return new Map();
    }
    throw error;
  }
}
