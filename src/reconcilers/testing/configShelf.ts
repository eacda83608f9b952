import { SecretValue } from '../../domain/secretValue.ts';
import type { ConfigMaps } from '../../kube/configMaps.ts';
import { KubeError } from '../../kube/kubeError.ts';
import type { SecretKeys } from '../../kube/secretKeys.ts';
import type { SecretReader } from '../../kube/secrets.ts';
import { DocumentShard } from '../shared/configMapShards.ts';

/** The Secrets and ConfigMaps of a simulated cluster, by `namespace/name`. */
export interface ConfigShelf {
  readonly reader: SecretReader;
  readonly configMaps: ConfigMaps;
  readonly secretKeys: SecretKeys;
  readonly shards: { get(key: string): DocumentShard | undefined; list(): DocumentShard[] };
  readonly texts: Map<string, Readonly<Record<string, string>>>;
  setSecret(key: string, values: Readonly<Record<string, string>>): void;
  removeSecret(key: string): void;
  /** Reading this Secret fails. */
  refuseSecret(key: string, error: KubeError): void;
  /** Happens after each change of a ConfigMap, before it is answered. */
  onWrite(act: () => Promise<void>): void;
  /** Changing a ConfigMap fails. */
  refuseWrites(error: KubeError | undefined): void;
  /** Changing a Secret fails. */
  refuseSecretWrites(error: KubeError | undefined): void;
  /** What a Secret holds, unwrapped. */
  secretTexts(key: string): Readonly<Record<string, string>>;
  /** How often a ConfigMap or Secret was written. */
  writes(): number;
}

export function createConfigShelf(): ConfigShelf {
  const secrets = new Map<string, { resourceVersion: string; data: Map<string, SecretValue> }>();
  const refusals = new Map<string, KubeError>();
  const texts = new Map<string, Readonly<Record<string, string>>>();
  let version = 0;
  let writes = 0;
  let afterWrite: (() => Promise<void>) | undefined;
  let refusal: KubeError | undefined;
  let secretRefusal: KubeError | undefined;

  function write(key: string, data: Readonly<Record<string, string>>): void {
    if (refusal !== undefined) {
      throw refusal;
    }
    writes += 1;
    texts.set(key, data);
  }

  function writeSecret(key: string, change: (data: Map<string, SecretValue>) => void): void {
    if (secretRefusal !== undefined) {
      throw secretRefusal;
    }
    writes += 1;
    version += 1;
    const data = new Map(secrets.get(key)?.data);
    change(data);
    secrets.set(key, { resourceVersion: String(version), data });
  }

  function shardAt(path: string, data: Readonly<Record<string, string>>): DocumentShard {
    const [namespace, name] = path.split('/');
    return DocumentShard.parse({ metadata: { namespace, name, uid: path, resourceVersion: '1' }, data });
  }

  return {
    texts,
    writes: () => writes,
    setSecret(key, values) {
      version += 1;
      const data = new Map(Object.entries(values).map(([name, text]) => [name, new SecretValue(text)]));
      secrets.set(key, { resourceVersion: String(version), data });
      refusals.delete(key);
    },
    removeSecret(key) {
      secrets.delete(key);
    },
    refuseSecret(key, error) {
      refusals.set(key, error);
    },
    onWrite(act) {
      afterWrite = act;
    },
    refuseWrites(error) {
      refusal = error;
    },
    refuseSecretWrites(error) {
      secretRefusal = error;
    },
    secretTexts: (key) =>
      Object.fromEntries([...(secrets.get(key)?.data ?? [])].map(([name, value]) => [name, value.reveal()])),
    reader: {
      async readSecret(namespace, name) {
        const key = `${namespace}/${name}`;
        const secret = secrets.get(key);
        const refusal = refusals.get(key);
        if (refusal !== undefined || secret === undefined) {
          throw refusal ?? new KubeError('notFound', key);
        }
        return secret;
      },
      async readConfigMapKey(namespace, name, key) {
        const data = texts.get(`${namespace}/${name}`);
        if (data === undefined) {
          throw new KubeError('notFound', name);
        }
        return data[key];
      },
    },
    configMaps: {
      get: async () => undefined,
      async applyKey({ namespace, name, key, value }) {
        write(`${namespace}/${name}`, { ...texts.get(`${namespace}/${name}`), [key]: value });
        await afterWrite?.();
      },
      async removeKey({ namespace, name, key }) {
        const { [key]: removed, ...rest } = texts.get(`${namespace}/${name}`) ?? {};
        if (removed !== undefined) {
          write(`${namespace}/${name}`, rest);
        }
      },
    },
    secretKeys: {
      async applyKey({ namespace, name, key, value }) {
        writeSecret(`${namespace}/${name}`, (data) => data.set(key, value));
      },
      async removeKey({ namespace, name, key }) {
        writeSecret(`${namespace}/${name}`, (data) => data.delete(key));
      },
    },
    shards: {
      get(path) {
        const data = texts.get(path);
        return data && shardAt(path, data);
      },
      list: () => [...texts].map(([path, data]) => shardAt(path, data)),
    },
  };
}
