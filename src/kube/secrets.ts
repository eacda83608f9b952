import { z } from 'zod';
import { SecretValue } from '../domain/secretValue.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { pathOfKey } from './kubeObject.ts';
import { parsed } from './parsed.ts';
import { send } from './request.ts';

const RawSecret = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).nullish(),
});

const RawConfigMap = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).nullish(),
});

export interface Secret {
  readonly resourceVersion: string;
  /** Decoded values, read as UTF-8. */
  readonly data: ReadonlyMap<string, SecretValue>;
}

/** Reads by name with `get` only. Failures are KubeErrors, `notFound` among them. */
export interface SecretReader {
  readSecret(namespace: string, name: string, signal?: AbortSignal): Promise<Secret>;
  /** One value of a ConfigMap, for CA certificates; undefined if the ConfigMap has no such key. */
  readConfigMapKey(
    namespace: string,
    name: string,
    key: string,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
}

export function createSecretReader(kubeConfig: PooledKubeConfig): SecretReader {
  async function read<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    return parsed(schema, await send(kubeConfig, { method: 'GET', path, signal }), `GET ${path}`);
  }

  return {
    async readSecret(namespace, name, signal) {
      const raw = await read(pathOfKey('/api/v1/secrets', `${namespace}/${name}`), RawSecret, signal);
      const data = new Map<string, SecretValue>();
      for (const [key, value] of Object.entries(raw.data ?? {})) {
        data.set(key, new SecretValue(Buffer.from(value, 'base64').toString('utf8')));
      }
      return { resourceVersion: raw.metadata.resourceVersion, data };
    },

    async readConfigMapKey(namespace, name, key, signal) {
      const path = pathOfKey('/api/v1/configmaps', `${namespace}/${name}`);
      return (await read(path, RawConfigMap, signal)).data?.[key];
    },
  };
}
