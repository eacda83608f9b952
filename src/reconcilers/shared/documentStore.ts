import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ConfigMaps } from '../../kube/configMaps.ts';
import type { Reflector } from '../../kube/reflector.ts';

/** The labels by which the operator finds its own ConfigMaps again. */
export const DOCUMENT_LABELS = {
  'app.kubernetes.io/managed-by': 'openmetadata-ingestion-operator',
  'app.kubernetes.io/component': 'pipeline-documents',
} as const;

const MAXIMUM_BYTES = 1024 * 1024;
/** Room for the loader and for other writers' keys. */
const RESERVED_BYTES = 32 * 1024;

/** Where a document stands. */
export interface DocumentKey {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** The pipelines' documents in their ConfigMaps. Failures are KubeErrors. */
export interface DocumentStore {
  /** Writes the document unless it stands there already. `full` where it does not fit any more; then nothing changes. */
  write(
    document: DocumentKey & { readonly text: string },
    signal: AbortSignal,
  ): Promise<'written' | 'unchanged' | 'full'>;
  /** Nothing happens where there is no such document. */
  remove(document: DocumentKey, signal: AbortSignal): Promise<void>;
}

/** What is kept in memory of a ConfigMap: no texts, only what tells whether one has to be written. */
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
    documents: new Map(
      Object.entries(data).map(([key, text]) => [
        key,
        { hash: hashOf(text), bytes: Buffer.byteLength(text) },
      ]),
    ),
  }));

export type DocumentShard = z.output<typeof DocumentShard>;

export function createDocumentStore(
  shards: Pick<Reflector<DocumentShard>, 'get'>,
  configMaps: ConfigMaps,
): DocumentStore {
  /** Own changes, with what stood there before: until that changes, the reflector has not caught up. */
  const changed = new Map<
    string,
    { readonly hash: string | undefined; readonly before: string | undefined }
  >();

  function hashInCluster({ namespace, name, key }: DocumentKey): string | undefined {
    return shards.get(`${namespace}/${name}`)?.documents.get(key)?.hash;
  }

  /** Forgets an own change once it was seen, so that the same undone by somebody else is seen, too. */
  function currentHash(target: DocumentKey): string | undefined {
    const seen = hashInCluster(target);
    const own = changed.get(pathOf(target));
    if (own !== undefined && own.before === seen) {
      return own.hash;
    }
    changed.delete(pathOf(target));
    return seen;
  }

  function fits({ namespace, name, key }: DocumentKey, text: string): boolean {
    const documents = shards.get(`${namespace}/${name}`)?.documents ?? new Map();
    let bytes = Buffer.byteLength(text);
    for (const [other, document] of documents) {
      bytes += other === key ? 0 : document.bytes;
    }
    return bytes <= MAXIMUM_BYTES - RESERVED_BYTES;
  }

  return {
    async write({ text, ...target }, signal) {
      const hash = hashOf(text);
      if (currentHash(target) === hash) {
        return 'unchanged';
      }
      if (!fits(target, text)) {
        return 'full';
      }
      const before = hashInCluster(target);
      await configMaps.applyKey({ ...target, value: text, labels: DOCUMENT_LABELS }, signal);
      changed.set(pathOf(target), { hash, before });
      return 'written';
    },
    async remove(target, signal) {
      if (currentHash(target) === undefined) {
        return;
      }
      const before = hashInCluster(target);
      await configMaps.removeKey(target, signal);
      changed.set(pathOf(target), { hash: undefined, before });
    },
  };
}

function pathOf({ namespace, name, key }: DocumentKey): string {
  return `${namespace}/${name}/${key}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
