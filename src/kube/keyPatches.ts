import { isKubeError } from './kubeError.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { pathInNamespace, pathOfKey } from './kubeObject.ts';
import { unlessNotFound } from './parsed.ts';
import { ContentType, send } from './request.ts';

const FIELD_MANAGER = 'ingestion-operator';
/** Spares both sides the whole object in the answer to each small patch. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

/** One key inside the `data` of a ConfigMap or Secret. */
export interface DataKey {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

export interface DataEntry extends DataKey {
  /** As it stands in `data`: in a Secret, base64. */
  readonly value: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * Objects shared with other writers: each call touches one key, with one small patch. Failures are KubeErrors; `invalid`
 * also where the object would pass 1 MiB.
 *
 * A merge patch, not server-side apply with a field manager per key: with 63 keys of 4 kB that costs the API server
 * twice the time and is 1.6 times as slow, and its removals would bring deleted ConfigMaps back, empty.
 */
export interface KeyPatches {
  /** Sets one key and the labels; makes the object if there is none. */
  apply(entry: DataEntry, signal?: AbortSignal): Promise<void>;
  /** Takes one key away, if it is there. */
  remove(key: DataKey, signal?: AbortSignal): Promise<void>;
}

export function createKeyPatches(
  kubeConfig: PooledKubeConfig,
  { kind, collection }: { readonly kind: 'ConfigMap' | 'Secret'; readonly collection: string },
): KeyPatches {
  async function patch({ namespace, name }: DataKey, body: object, signal?: AbortSignal): Promise<unknown> {
    return send(kubeConfig, {
      method: 'PATCH',
      path: pathOfKey(collection, `${namespace}/${name}`),
      query: { fieldManager: FIELD_MANAGER },
      contentType: ContentType.mergePatch,
      accept: METADATA_ONLY,
      body,
      signal,
    });
  }

  async function create(
    { namespace, name, key, value, labels }: DataEntry,
    signal?: AbortSignal,
  ): Promise<void> {
    await send(kubeConfig, {
      method: 'POST',
      path: pathInNamespace(collection, namespace),
      query: { fieldManager: FIELD_MANAGER },
      accept: METADATA_ONLY,
      body: { apiVersion: 'v1', kind, metadata: { name, namespace, labels }, data: { [key]: value } },
      signal,
    });
  }

  return {
    async apply(entry, signal) {
      const { key, value, labels } = entry;
      const change = { metadata: { labels }, data: { [key]: value } };
      if ((await unlessNotFound(patch(entry, change, signal))) !== undefined) {
        return;
      }
      try {
        await create(entry, signal);
      } catch (error) {
        if (!isKubeError(error, 'alreadyExists')) {
          throw error;
        }
        await patch(entry, change, signal);
      }
    },

    async remove(target, signal) {
      await unlessNotFound(patch(target, { data: { [target.key]: null } }, signal));
    },
  };
}
