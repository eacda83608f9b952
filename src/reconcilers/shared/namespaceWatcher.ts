import { isDeepStrictEqual } from 'node:util';
import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Logger } from '../../domain/logger.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import type { Namespace } from '../../kube/namespaces.ts';
import type { Reflector } from '../../kube/reflector.ts';
import type { PipelineIndex } from './pipelineIndex.ts';
import { keyOf } from './references.ts';

export interface NamespaceWatcherOptions {
  readonly pipelines: Pick<Reflector<IngestionPipeline>, 'list'>;
  readonly clients: Pick<Reflector<PipelineServiceClient>, 'get'>;
  readonly index: Pick<PipelineIndex, 'get'>;
  readonly readNamespace: (name: string, signal: AbortSignal) => Promise<Namespace | undefined>;
  /** The labels of this pipeline's namespace are not what they were. */
  readonly call: (pipelineKey: string) => void;
  readonly log: Logger;
}

export interface NamespaceWatcher {
  /** Looks at each namespace whose labels decide whether its pipelines may use their client. Never rejects. */
  refresh(signal: AbortSignal): Promise<void>;
}

/**
 * Tells pipelines when a label of their namespace has come or gone. The operator may `get` namespaces and nothing more, so
 * this takes the place of a watch.
 */
export function createNamespaceWatcher(options: NamespaceWatcherOptions): NamespaceWatcher {
  let known = new Map<string, Namespace['labels'] | undefined>();
  return {
    async refresh(signal) {
      const seen: typeof known = new Map();
      for (const [namespace, pipelines] of pipelinesByNamespace(options)) {
        if (signal.aborted) {
          return;
        }
        const labels = await labelsOf(options, namespace, signal);
        if (labels === 'unknown') {
          seen.set(namespace, known.get(namespace));
          continue;
        }
        if (!known.has(namespace) || !isDeepStrictEqual(labels, known.get(namespace))) {
          pipelines.forEach(options.call);
        }
        seen.set(namespace, labels);
      }
      known = seen;
    },
  };
}

function pipelinesByNamespace({ pipelines, clients, index }: NamespaceWatcherOptions): Map<string, string[]> {
  const byNamespace = new Map<string, string[]>();
  for (const pipeline of pipelines.list()) {
    const { namespace } = pipeline.metadata;
    const client = clients.get(index.get(keyOf(pipeline))?.clientKey ?? '');
    if (client?.spec.allowedNamespaces?.from === 'Selector' && client.metadata.namespace !== namespace) {
      const keys = byNamespace.get(namespace) ?? [];
      keys.push(keyOf(pipeline));
      byNamespace.set(namespace, keys);
    }
  }
  return byNamespace;
}

async function labelsOf(
  { readNamespace, log }: NamespaceWatcherOptions,
  namespace: string,
  signal: AbortSignal,
): Promise<Namespace['labels'] | undefined | 'unknown'> {
  try {
    return (await readNamespace(namespace, signal))?.labels;
  } catch (error) {
    if (!signal.aborted) {
      const kind = isKubeError(error) ? error.kind : undefined;
      log.warn({ namespace, kind }, 'labels of the namespace could not be read');
    }
    return 'unknown';
  }
}
