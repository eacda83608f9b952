import { z } from 'zod';
import { isKubeError } from './kubeError.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { pathInNamespace, pathOfKey } from './kubeObject.ts';
import { parsed, unlessNotFound } from './parsed.ts';
import { ContentType, send } from './request.ts';

const COLLECTION = '/api/v1/configmaps';
const FIELD_MANAGER = 'ingestion-operator';
/** Spares both sides the whole ConfigMap in the answer to each small patch. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

const ConfigMap = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  data: z.record(z.string(), z.string()).default({}),
  binaryData: z.record(z.string(), z.string()).default({}),
});
export type ConfigMap = z.infer<typeof ConfigMap>;

export interface ConfigMapKey {
  readonly namespace: string;
  readonly name: string;
  /** The key inside `data`. */
  readonly key: string;
}

export interface ConfigMapDocument extends ConfigMapKey {
  readonly value: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * ConfigMaps shared with other writers: each call touches one key, with one small patch. Failures are KubeErrors;
 * `invalid` also where the ConfigMap would pass 1 MiB.
 *
 * A merge patch, not server-side apply with a field manager per key: with 63 keys of 4 kB that costs the API server
 * twice the time and is 1.6 times as slow, and its removals would bring deleted ConfigMaps back, empty.
 */
export interface ConfigMaps {
  /** Undefined if there is none. */
  get(namespace: string, name: string, signal?: AbortSignal): Promise<ConfigMap | undefined>;
  /** Sets one key and the labels; makes the ConfigMap if there is none. */
  applyKey(document: ConfigMapDocument, signal?: AbortSignal): Promise<void>;
  /** Takes one key away, if it is there. */
  removeKey(key: ConfigMapKey, signal?: AbortSignal): Promise<void>;
}

export function createConfigMaps(kubeConfig: PooledKubeConfig): ConfigMaps {
  async function patch(
    { namespace, name }: ConfigMapKey,
    body: object,
    signal?: AbortSignal,
  ): Promise<unknown> {
    return send(kubeConfig, {
      method: 'PATCH',
      path: pathOfKey(COLLECTION, `${namespace}/${name}`),
      query: { fieldManager: FIELD_MANAGER },
      contentType: ContentType.mergePatch,
      accept: METADATA_ONLY,
      body,
      signal,
    });
  }

  async function create(
    { namespace, name, key, value, labels }: ConfigMapDocument,
    signal?: AbortSignal,
  ): Promise<void> {
    await send(kubeConfig, {
      method: 'POST',
      path: pathInNamespace(COLLECTION, namespace),
      query: { fieldManager: FIELD_MANAGER },
      body: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace, labels },
        data: { [key]: value },
      },
      signal,
    });
  }

  return {
    async get(namespace, name, signal) {
      const path = pathOfKey(COLLECTION, `${namespace}/${name}`);
      const raw = await unlessNotFound(send(kubeConfig, { method: 'GET', path, signal }));
      return raw === undefined ? undefined : parsed(ConfigMap, raw, `GET ${path}`);
    },

    async applyKey(document, signal) {
      const { key, value, labels } = document;
      const change = { metadata: { labels }, data: { [key]: value } };
      if ((await unlessNotFound(patch(document, change, signal))) !== undefined) {
        return;
      }
      try {
        await create(document, signal);
      } catch (error) {
        if (!isKubeError(error, 'alreadyExists')) {
          throw error;
        }
        await patch(document, change, signal);
      }
    },

    async removeKey(target, signal) {
      await unlessNotFound(patch(target, { data: { [target.key]: null } }, signal));
    },
  };
}

/** Bytes that count towards the API server's limit of 1 MiB: all values, in UTF-8. */
export function sizeOfConfigMap(configMap: Pick<ConfigMap, 'data' | 'binaryData'>): number {
  let bytes = 0;
  for (const value of Object.values(configMap.data)) {
    bytes += Buffer.byteLength(value);
  }
  for (const value of Object.values(configMap.binaryData)) {
    bytes += Buffer.byteLength(value, 'base64');
  }
  return bytes;
}
