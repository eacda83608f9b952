import { z } from 'zod';

/** The part of an object's metadata that the machinery itself needs. */
export const ObjectIdentity = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    resourceVersion: z.string(),
  }),
});
export type ObjectIdentity = z.infer<typeof ObjectIdentity>;

/** `namespace/name`, or the name alone for an object without a namespace. */
export function keyOf(object: { metadata: { name: string; namespace?: string | undefined } }): string {
  const { name, namespace } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The two parts of {@link keyOf}. */
export function splitKey(key: string): { namespace: string | undefined; name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * The collection's path inside one namespace: `/apis/g/v1/things` gives `/apis/g/v1/namespaces/ns/things`.
 * Without a namespace it is the path itself.
 */
export function pathInNamespace(path: string, namespace: string | undefined): string {
  if (namespace === undefined) {
    return path;
  }
  const slash = path.lastIndexOf('/');
  return `${path.slice(0, slash)}/namespaces/${encodeURIComponent(namespace)}${path.slice(slash)}`;
}

/** The path of one object, by its key. */
export function pathOfKey(path: string, key: string): string {
  const { namespace, name } = splitKey(key);
  return `${pathInNamespace(path, namespace)}/${encodeURIComponent(name)}`;
}

/** Removes, in place, what is large and of no use to a controller: managedFields and kubectl's copy of the object. */
export function slim(raw: unknown): unknown {
  if (isRecord(raw) && isRecord(raw['metadata'])) {
    delete raw['metadata']['managedFields'];
    const annotations = raw['metadata']['annotations'];
    if (isRecord(annotations)) {
      delete annotations['kubectl.kubernetes.io/last-applied-configuration'];
    }
  }
  return raw;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
