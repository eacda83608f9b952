import { isDeepStrictEqual } from 'node:util';
import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { WorkQueue } from '../../controller/workQueue.ts';
import { cleanDagId, pipelineName } from '../../domain/naming.ts';
import type { Reflector } from '../../kube/reflector.ts';
import type { KeySource } from '../../kube/reflectorOptions.ts';
import type { PipelineIndex, PipelineIndexEntry } from './pipelineIndex.ts';
import { clientKeyOf, keyOf } from './references.ts';

/** Milliseconds within which changes of pipelines are counted together on their client's status. */
export const COUNT_AFTER = 5_000;

export interface RoutingOptions {
  readonly pipelines: Pick<Reflector<IngestionPipeline>, 'get' | 'list'>;
  readonly clients: Pick<Reflector<PipelineServiceClient>, 'get'>;
  readonly index: PipelineIndex;
  readonly pipelineQueue: Pick<WorkQueue, 'add'>;
  readonly clientQueue: Pick<WorkQueue, 'add' | 'addAfter'>;
  readonly defaultClient: { readonly namespace: string; readonly name: string } | undefined;
}

/** Tells what has to be looked at when something has changed. */
export interface Routing {
  pipelineChanged(key: string, source: KeySource): void;
  clientChanged(key: string, source: KeySource): void;
  dagsChanged(clientKey: string, dagIds: ReadonlySet<string>): void;
}

export function createRouting(options: RoutingOptions): Routing {
  const { index, pipelineQueue, clientQueue } = options;
  const generations = new Map<string, number>();

  function indexPipeline(key: string, pipeline: IngestionPipeline): void {
    const { namespace, name } = pipeline.metadata;
    const dagId = cleanDagId(pipelineName({ namespace, name, specName: pipeline.spec.name }));
    const clientKey = clientKeyOf(
      pipeline,
      (client) => options.clients.get(client) !== undefined,
      options.defaultClient,
    );
    index.set(key, { clientKey, dagId });
  }

  /** Those that had to do with a pipeline that has gone elsewhere: another one may have its DAG now. */
  function callThoseLeft({ clientKey, dagId }: PipelineIndexEntry): void {
    index.claimantsOf(clientKey, dagId).forEach((rival) => pipelineQueue.add(rival));
    callClient(clientKey);
  }

  /** A client that is being deleted waits for its last pipeline; any other only counts them. */
  function callClient(clientKey: string): void {
    if (options.clients.get(clientKey)?.metadata.deletionTimestamp === undefined) {
      clientQueue.addAfter(clientKey, COUNT_AFTER, 'low');
    } else {
      clientQueue.add(clientKey);
    }
  }

  return {
    pipelineChanged(key, source) {
      const pipeline = options.pipelines.get(key);
      const before = index.get(key);
      if (pipeline === undefined) {
        index.delete(key);
      } else {
        indexPipeline(key, pipeline);
      }
      if (before !== undefined && !isDeepStrictEqual(before, index.get(key))) {
        callThoseLeft(before);
      }
      pipelineQueue.add(key, source === 'list' ? 'low' : 'normal');
    },

    clientChanged(key, source) {
      const client = options.clients.get(key);
      clientQueue.add(key, source === 'list' ? 'low' : 'normal');
      if (client?.metadata.generation === generations.get(key)) {
        return;
      }
      if (client === undefined) {
        generations.delete(key);
      } else {
        generations.set(key, client.metadata.generation);
      }
      const affected = new Set(index.pipelinesOf(key));
      for (const pipeline of options.pipelines.list()) {
        if (pipeline.spec.clientRef === undefined) {
          indexPipeline(keyOf(pipeline), pipeline);
        }
      }
      index.pipelinesOf(key).forEach((pipeline) => affected.add(pipeline));
      affected.forEach((pipeline) => pipelineQueue.add(pipeline, 'low'));
    },

    dagsChanged(clientKey, dagIds) {
      for (const dagId of dagIds) {
        index.claimantsOf(clientKey, dagId).forEach((key) => pipelineQueue.add(key));
      }
    },
  };
}
