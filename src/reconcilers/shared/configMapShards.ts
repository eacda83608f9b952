import { z } from 'zod';
import type { ConfigMaps } from '../../kube/configMaps.ts';
import type { Reflector } from '../../kube/reflector.ts';
import { type DocumentFacts, factsOf } from './documentFacts.ts';
import { DOCUMENT_LABELS, type DocumentKey, pathOf, type Shard } from './documentPlace.ts';

/** What is kept in memory of a ConfigMap. */
export const DocumentShard = z
  .object({
    metadata: z.object({
      name: z.string(),
      namespace: z.string(),
      uid: z.string(),
      resourceVersion: z.string(),
    }),
    data: z.record(z.string(), z.string()).default({}),
  })
  .transform(({ metadata, data }) => ({
    metadata,
    documents: new Map(Object.entries(data).map(([key, text]) => [key, factsOf(key, text)])),
  }));

export type DocumentShard = z.output<typeof DocumentShard>;

/** Documents in ConfigMaps, known from a watch. Failures are KubeErrors. */
export interface ConfigMapShards {
  /** What stands there, own changes that the watch has not told of yet included. */
  find(place: DocumentKey): DocumentFacts | undefined;
  /** Everything in the ConfigMap, as the watch has told. */
  look(shard: Shard): ReadonlyMap<string, DocumentFacts>;
  /** Names of the ConfigMaps of a namespace that the operator has written to. */
  namesIn(namespace: string): string[];
  /**
   * Takes each change that the watch tells of. Returns whether it is the operator's own: what it has put there last, or
   * taken away.
   */
  notice(place: DocumentKey, now: DocumentFacts | undefined): boolean;
  put(place: DocumentKey, text: string, signal: AbortSignal): Promise<void>;
  take(place: DocumentKey, signal: AbortSignal): Promise<void>;
}

const NOTHING: ReadonlyMap<string, DocumentFacts> = new Map();

interface OwnChange {
  readonly facts: DocumentFacts | undefined;
  /** What stood there before: until that changes, the watch has not caught up. */
  readonly before: string | undefined;
}

export function createConfigMapShards(
  shards: Pick<Reflector<DocumentShard>, 'get' | 'list'>,
  configMaps: ConfigMaps,
): ConfigMapShards {
  const changed = new Map<string, OwnChange>();
  /** The hashes of what was written last, known before the watch tells of it. */
  const intended = new Map<string, string | undefined>();

  function seen({ namespace, name, key }: DocumentKey): DocumentFacts | undefined {
    return shards.get(`${namespace}/${name}`)?.documents.get(key);
  }

  function note(place: DocumentKey, before: DocumentFacts | undefined, facts?: DocumentFacts): void {
    // The watch may have told of it before the answer came.
    if (seen(place)?.hash === before?.hash) {
      changed.set(pathOf(place), { facts, before: before?.hash });
    } else {
      changed.delete(pathOf(place));
    }
  }

  return {
    /** Forgets an own change once it was seen, so that the same undone by somebody else is seen, too. */
    find(place) {
      const now = seen(place);
      const own = changed.get(pathOf(place));
      if (own !== undefined && own.before === now?.hash) {
        return own.facts;
      }
      changed.delete(pathOf(place));
      return now;
    },
    look: ({ namespace, name }) => shards.get(`${namespace}/${name}`)?.documents ?? NOTHING,
    namesIn(namespace) {
      return [...shards.list()].flatMap(({ metadata }) =>
        metadata.namespace === namespace ? [metadata.name] : [],
      );
    },
    notice(place, now) {
      const path = pathOf(place);
      if (changed.get(path)?.before !== now?.hash) {
        changed.delete(path);
      }
      return intended.has(path) && intended.get(path) === now?.hash;
    },
    async put(place, text, signal) {
      const before = seen(place);
      const facts = factsOf(place.key, text);
      intended.set(pathOf(place), facts.hash);
      await configMaps.applyKey({ ...place, value: text, labels: DOCUMENT_LABELS }, signal);
      note(place, before, facts);
    },
    async take(place, signal) {
      const before = seen(place);
      intended.set(pathOf(place), undefined);
      await configMaps.removeKey(place, signal);
      note(place, before);
    },
  };
}
