import { z } from 'zod';
import { createKeyPatches, type DataEntry, type DataKey } from './keyPatches.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { pathOfKey } from './kubeObject.ts';
import { parsed, unlessNotFound } from './parsed.ts';
import { send } from './request.ts';

const COLLECTION = '/api/v1/configmaps';

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

/** ConfigMaps shared with other writers, key by key; see {@link createKeyPatches}. Failures are KubeErrors. */
export interface ConfigMaps {
  /** Undefined if there is none. */
  get(namespace: string, name: string, signal?: AbortSignal): Promise<ConfigMap | undefined>;
  /** Sets one key and the labels; makes the ConfigMap if there is none. */
  applyKey(entry: DataEntry, signal?: AbortSignal): Promise<void>;
  /** Takes one key away, if it is there. */
  removeKey(key: DataKey, signal?: AbortSignal): Promise<void>;
}

export function createConfigMaps(kubeConfig: PooledKubeConfig): ConfigMaps {
  const patches = createKeyPatches(kubeConfig, { kind: 'ConfigMap', collection: COLLECTION });
  return {
    async get(namespace, name, signal) {
      const path = pathOfKey(COLLECTION, `${namespace}/${name}`);
      const raw = await unlessNotFound(send(kubeConfig, { method: 'GET', path, signal }));
      return raw === undefined ? undefined : parsed(ConfigMap, raw, `GET ${path}`);
    },
    applyKey: patches.apply,
    removeKey: patches.remove,
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
