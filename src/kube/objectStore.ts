import { keyOf, type ObjectIdentity } from './kubeObject.ts';
import { isNewerVersion } from './resourceVersion.ts';

/** The objects of one reflector, by key. Writes say whether anything changed. */
export interface ObjectStore<T extends ObjectIdentity> {
  get(key: string): T | undefined;
  values(): Iterable<T>;
  keys(): Iterable<string>;
  /** True if exactly this version is held. */
  has(key: string, resourceVersion: string): boolean;
  /** From a LIST: what it says holds, even an older version (a restored backup), unless we have just written. */
  putListed(object: T): boolean;
  /** From a watch: older versions than the one held are late news. */
  putWatched(object: T): boolean;
  /** From an own write. Only over an older version of the same object, as it may have been deleted meanwhile. */
  putWritten(object: T): boolean;
  /** From a watch; the version is that of the deletion. Without one, whatever is held goes. */
  remove(key: string, resourceVersion?: string): boolean;
  /** From now on own writes are newer than the LIST under way. */
  beginList(): void;
}

export function createObjectStore<T extends ObjectIdentity>(): ObjectStore<T> {
  const objects = new Map<string, T>();
  const writtenSinceList = new Set<string>();

  function isNews(key: string, resourceVersion: string): boolean {
    const held = objects.get(key);
    return !held || isNewerVersion(resourceVersion, held.metadata.resourceVersion);
  }

  function has(key: string, resourceVersion: string): boolean {
    return objects.get(key)?.metadata.resourceVersion === resourceVersion;
  }

  return {
    has,
    get: (key) => objects.get(key),
    values: () => objects.values(),
    keys: () => objects.keys(),
    beginList: () => writtenSinceList.clear(),

    putListed(object) {
      const key = keyOf(object);
      const { resourceVersion } = object.metadata;
      const wanted = writtenSinceList.has(key) ? isNews(key, resourceVersion) : !has(key, resourceVersion);
      if (wanted) {
        objects.set(key, object);
      }
      return wanted;
    },

    putWatched(object) {
      const key = keyOf(object);
      const wanted = isNews(key, object.metadata.resourceVersion);
      if (wanted) {
        objects.set(key, object);
      }
      return wanted;
    },

    putWritten(object) {
      const key = keyOf(object);
      const wanted =
        objects.get(key)?.metadata.uid === object.metadata.uid &&
        isNews(key, object.metadata.resourceVersion);
      if (wanted) {
        objects.set(key, object);
        writtenSinceList.add(key);
      }
      return wanted;
    },

    remove(key, resourceVersion) {
      const stale = resourceVersion !== undefined && objects.has(key) && !isNews(key, resourceVersion);
      return !stale && objects.delete(key);
    },
  };
}
