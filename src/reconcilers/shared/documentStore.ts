import { documentKey, shardOf } from '../../domain/naming.ts';
import type { SecretValue } from '../../domain/secretValue.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import type { ConfigMapShards } from './configMapShards.ts';
import { type DocumentFacts, factsOf } from './documentFacts.ts';
import type { DocumentKey, Shard, StoredDocument } from './documentPlace.ts';
import type { SecretShards } from './secretShards.ts';

/** What the API server takes: the bytes of all values, in a Secret those before base64. */
const MAXIMUM_BYTES = 1024 * 1024;
/** Room for the loader and for other writers' keys. */
const RESERVED_BYTES = 32 * 1024;

/** `full`: does not fit any more, and nothing has changed. `forbidden`: the operator may not write Secrets there. */
export type WriteResult = 'written' | 'unchanged' | 'full' | 'forbidden';

/** The pipelines' documents in their ConfigMaps and Secrets. Failures are KubeErrors. */
export interface DocumentStore {
  /**
   * Writes the document unless it stands there already, and then sees that none of the other kind stands in the same
   * place: there is no moment without one.
   */
  write(place: DocumentKey, document: StoredDocument, signal: AbortSignal): Promise<WriteResult>;
  /** Removes it from the ConfigMap and from the Secret. Nothing happens where there is no such document. */
  remove(place: DocumentKey, signal: AbortSignal): Promise<'removed' | 'forbidden'>;
  /** The pipeline whose mark the document there bears. */
  ownerAt(place: DocumentKey): Promise<string | undefined>;
  /** Every place of a namespace where a document of this DAG bears the mark of the pipeline `owner` (`namespace/name`). */
  placesOf(namespace: string, dagId: string, owner: string): Promise<DocumentKey[]>;
  /** Names of the ConfigMaps of a namespace that the operator has written to. */
  shardsIn(namespace: string): string[];
  /** Whether a document of any pipeline stands in the ConfigMap or Secret of this name. */
  isInUse(shard: Shard): Promise<boolean>;
}

export function createDocumentStore(configMaps: ConfigMapShards, secrets: SecretShards): DocumentStore {
  async function takeFromConfigMap(place: DocumentKey, signal: AbortSignal): Promise<void> {
    if (configMaps.find(place) !== undefined) {
      await configMaps.take(place, signal);
    }
  }

  async function takeFromSecret(place: DocumentKey, signal: AbortSignal): Promise<'removed' | 'forbidden'> {
    if ((await secrets.recall(place)).has(place.key)) {
      return orForbidden(() => secrets.take(place, signal).then(() => 'removed' as const));
    }
    return 'removed';
  }

  async function writePublic(place: DocumentKey, text: string, signal: AbortSignal): Promise<WriteResult> {
    const result = await putUnlessThere(place, text, configMaps.look(place), configMaps.find(place), () =>
      configMaps.put(place, text, signal),
    );
    const isAlone = result !== 'full' && (await takeFromSecret(place, signal)) === 'removed';
    return result === 'full' || isAlone ? result : 'forbidden';
  }

  async function writeSecret(
    place: DocumentKey,
    text: SecretValue,
    signal: AbortSignal,
  ): Promise<WriteResult> {
    const result = await orForbidden(async () => {
      const documents = await secrets.look(place);
      return putUnlessThere(place, text.reveal(), documents, documents.get(place.key), () =>
        secrets.put(place, text, signal),
      );
    });
    if (result === 'written' || result === 'unchanged') {
      await takeFromConfigMap(place, signal);
    }
    return result;
  }

  async function ownerAt(place: DocumentKey): Promise<string | undefined> {
    return (configMaps.find(place) ?? (await secrets.recall(place)).get(place.key))?.owner;
  }

  return {
    write: (place, document, signal) =>
      document.kind === 'ConfigMap'
        ? writePublic(place, document.text, signal)
        : writeSecret(place, document.text, signal),
    async remove(place, signal) {
      await takeFromConfigMap(place, signal);
      return takeFromSecret(place, signal);
    },
    ownerAt,
    shardsIn: (namespace) => configMaps.namesIn(namespace),
    isInUse: async (shard) =>
      holdsDocument(configMaps.look(shard)) || holdsDocument(await secrets.recall(shard)),
    async placesOf(namespace, dagId, owner) {
      const places = configMaps.namesIn(namespace).flatMap((name) => {
        const shard = shardOf(name);
        return shard === undefined ? [] : [{ namespace, name, key: documentKey(shard, dagId) }];
      });
      const owners = await Promise.all(places.map((place) => ownerAt(place)));
      return places.filter((_, index) => owners[index] === owner);
    },
  };
}

async function putUnlessThere(
  { key }: DocumentKey,
  text: string,
  documents: ReadonlyMap<string, DocumentFacts>,
  present: DocumentFacts | undefined,
  put: () => Promise<void>,
): Promise<'written' | 'unchanged' | 'full'> {
  const { hash, bytes } = factsOf(key, text);
  if (present?.hash === hash) {
    return 'unchanged';
  }
  const room = key.endsWith('.json') ? MAXIMUM_BYTES - RESERVED_BYTES : MAXIMUM_BYTES;
  if (bytes + bytesBeside(documents, key) > room) {
    return 'full';
  }
  try {
    await put();
    return 'written';
  } catch (error) {
    // Others may have filled it since it was looked at.
    if (isKubeError(error, 'invalid')) {
      return 'full';
    }
    throw error;
  }
}

function holdsDocument(documents: ReadonlyMap<string, DocumentFacts>): boolean {
  return [...documents.values()].some(({ owner }) => owner !== undefined);
}

function bytesBeside(documents: ReadonlyMap<string, DocumentFacts>, key: string): number {
  let bytes = 0;
  for (const [other, document] of documents) {
    bytes += other === key ? 0 : document.bytes;
  }
  return bytes;
}

async function orForbidden<Result>(call: () => Promise<Result>): Promise<Result | 'forbidden'> {
  try {
    return await call();
  } catch (error) {
    if (isKubeError(error, 'forbidden')) {
      return 'forbidden';
    }
    throw error;
  }
}
