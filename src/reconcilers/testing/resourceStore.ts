import { isDeepStrictEqual } from 'node:util';
import type { ObjectMeta } from '../../api/objectMeta.ts';
import type { Clock } from '../../domain/clock.ts';
import { toKubernetesTime } from '../../domain/conditions.ts';
import type { CustomResources } from '../../kube/customResources.ts';
import { KubeError } from '../../kube/kubeError.ts';
import type { Reflector } from '../../kube/reflector.ts';
import { isNewerVersion } from '../../kube/resourceVersion.ts';
import { keyOf } from '../shared/references.ts';

interface Resource {
  metadata: ObjectMeta;
  spec: object;
  status?: object | undefined;
}

/** The resources of one kind: what the API server has of them, and what the operator's watch has told it. */
export interface ResourceStore<T extends Resource>
  extends
    Pick<Reflector<T>, 'get' | 'list' | 'put'>,
    Pick<CustomResources<T>, 'applyStatus' | 'patchFinalizers'> {
  create(manifest: { readonly metadata: { readonly namespace: string; readonly name: string } }): T;
  edit(key: string, change: (resource: T) => object): void;
  /** A change that the operator's watch has not told it yet. */
  editUnseen(key: string, change: (resource: T) => object): void;
  delete(key: string): void;
  /** How often a status was really changed. */
  statusWrites(): number;
  /** Makes the next writes of the operator fail. */
  refuseWrites(error: KubeError | undefined): void;
  /** Happens during each write of a status from now on. */
  duringWrites(happening: () => void): void;
}

export interface ResourceStoreOptions<T> {
  readonly parse: (raw: unknown) => T;
  readonly clock: Clock;
  readonly onChange: (key: string) => void;
}

export function createResourceStore<T extends Resource>(options: ResourceStoreOptions<T>): ResourceStore<T> {
  const { parse, clock, onChange } = options;
  const stored = new Map<string, T>();
  const seen = new Map<string, T>();
  let lastVersion = 100;
  let statusWrites = 0;
  let refusal: KubeError | undefined;
  let happening: (() => void) | undefined;

  function current(key: string): T {
    const resource = stored.get(key);
    if (resource === undefined) {
      throw new KubeError('notFound', key);
    }
    return resource;
  }

  function store(key: string, before: T | undefined, raw: { metadata: ObjectMeta; spec: object }): T {
    lastVersion += 1;
    const resourceVersion = String(lastVersion);
    const respecified = before !== undefined && !isDeepStrictEqual(plain(before.spec), plain(raw.spec));
    const generation = (before?.metadata.generation ?? 1) + (respecified ? 1 : 0);
    const resource = parse(plain({ ...raw, metadata: { ...raw.metadata, resourceVersion, generation } }));
    const { deletionTimestamp, finalizers = [] } = resource.metadata;
    if (deletionTimestamp !== undefined && finalizers.length === 0) {
      stored.delete(key);
    } else {
      stored.set(key, resource);
    }
    return resource;
  }

  function announce(key: string): void {
    const resource = stored.get(key);
    if (resource === undefined) {
      seen.delete(key);
    } else {
      seen.set(key, resource);
    }
    onChange(key);
  }

  function editUnseen(key: string, change: (resource: T) => object): void {
    const before = current(key);
    store(key, before, { ...before, ...change(before) });
  }

  return {
    get: (key) => seen.get(key),
    list: () => seen.values(),
    statusWrites: () => statusWrites,
    editUnseen,

    put(resource) {
      const key = keyOf(resource);
      const known = seen.get(key)?.metadata;
      if (
        known?.uid === resource.metadata.uid &&
        isNewerVersion(resource.metadata.resourceVersion, known.resourceVersion)
      ) {
        seen.set(key, resource);
      }
    },

    create(manifest) {
      const key = keyOf(manifest);
      const metadata = {
        uid: `uid-${lastVersion}`,
        creationTimestamp: toKubernetesTime(clock()),
        resourceVersion: '',
        generation: 1,
        ...manifest.metadata,
      };
      const resource = store(key, undefined, { spec: {}, ...manifest, metadata });
      announce(key);
      return resource;
    },

    edit(key, change) {
      editUnseen(key, change);
      announce(key);
    },

    delete(key) {
      editUnseen(key, ({ metadata }) => ({
        metadata: { ...metadata, deletionTimestamp: toKubernetesTime(clock()) },
      }));
      announce(key);
    },

    refuseWrites(error) {
      refusal = error;
    },

    duringWrites(next) {
      happening = next;
    },

    async applyStatus(key, status) {
      happening?.();
      throwIfDefined(refusal);
      const before = current(key);
      if (isDeepStrictEqual(plain(before.status), plain(status))) {
        return before;
      }
      statusWrites += 1;
      return store(key, before, { ...before, status });
    },

    async patchFinalizers(key, finalizers, resourceVersion) {
      throwIfDefined(refusal);
      const before = current(key);
      if (before.metadata.resourceVersion !== resourceVersion) {
        throw new KubeError('conflict', key);
      }
      const after = store(key, before, {
        ...before,
        metadata: { ...before.metadata, finalizers: [...finalizers] },
      });
      if (after.metadata.deletionTimestamp !== undefined) {
        announce(key);
      }
      return after;
    },
  };
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function throwIfDefined(error: Error | undefined): void {
  if (error !== undefined) {
    throw error;
  }
}
