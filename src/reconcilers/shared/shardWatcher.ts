import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { WorkQueue } from '../../controller/workQueue.ts';
import type { Reflector } from '../../kube/reflector.ts';
import type { DocumentShard } from './configMapShards.ts';
import type { DocumentFacts } from './documentFacts.ts';
import type { DocumentKey } from './documentPlace.ts';
import { keyOf } from './references.ts';

/** Milliseconds before somebody is called: whoever else insists on a text of its own is not raced. */
const CALL_AFTER = 1_000;

export interface ShardWatcherOptions {
  readonly shards: Pick<Reflector<DocumentShard>, 'get'>;
  readonly pipelines: Pick<Reflector<IngestionPipeline>, 'get'>;
  readonly clients: Pick<Reflector<PipelineServiceClient>, 'list'>;
  readonly pipelineQueue: Pick<WorkQueue, 'addAfter'>;
  readonly clientQueue: Pick<WorkQueue, 'addAfter'>;
  /** Takes each change; returns whether it is the operator's own. */
  readonly notice: (place: DocumentKey, now: DocumentFacts | undefined) => boolean;
}

type Documents = ReadonlyMap<string, DocumentFacts>;

const NOTHING: Documents = new Map();

/**
 * Takes each change of a ConfigMap (`namespace/name`), and calls the pipelines whose documents somebody else has changed,
 * and the clients of loaders.
 */
export function createShardWatcher(options: ShardWatcherOptions): (path: string) => void {
  const last = new Map<string, Documents>();

  function callFor(namespace: string, facts: DocumentFacts | undefined): void {
    const owner = facts?.owner;
    if (owner === undefined) {
      const clients = [...options.clients.list()].filter(({ metadata }) => metadata.namespace === namespace);
      clients.forEach((client) => options.clientQueue.addAfter(keyOf(client), CALL_AFTER));
    } else if (options.pipelines.get(owner) !== undefined) {
      options.pipelineQueue.addAfter(owner, CALL_AFTER);
    }
  }

  return (path) => {
    const [namespace = '', name = ''] = path.split('/');
    const before = last.get(path);
    const now = options.shards.get(path)?.documents;
    if (now === undefined) {
      last.delete(path);
    } else {
      last.set(path, now);
    }
    for (const key of changedKeys(before ?? NOTHING, now ?? NOTHING)) {
      const isOwn = options.notice({ namespace, name, key }, now?.get(key));
      // A ConfigMap that is seen for the first time is looked at by its pipelines and clients anyway.
      if (!isOwn && before !== undefined) {
        callFor(namespace, before.get(key) ?? now?.get(key));
      }
    }
  };
}

function changedKeys(before: Documents, now: Documents): string[] {
  const keys = new Set([...before.keys(), ...now.keys()]);
  return [...keys].filter((key) => before.get(key)?.hash !== now.get(key)?.hash);
}
