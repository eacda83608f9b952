import { createConfigMaps } from '../kube/configMaps.ts';
import { createCaches, type Caches } from '../reconcilers/shared/caches.ts';
import { type ConfigMapShards, createConfigMapShards } from '../reconcilers/shared/configMapShards.ts';
import { createPipelineIndex, type PipelineIndex } from '../reconcilers/shared/pipelineIndex.ts';
import { createRouting, type Routing } from '../reconcilers/shared/routing.ts';
import { createShardWatcher } from '../reconcilers/shared/shardWatcher.ts';
import type { OperatorOptions } from './options.ts';
import { createQueues, type Queues } from './queues.ts';

/** What the operator sees of the cluster, and what happens when that changes. */
export interface World {
  readonly queues: Queues;
  readonly index: PipelineIndex;
  readonly caches: Caches;
  readonly configMapShards: ConfigMapShards;
  readonly routing: Routing;
}

export function createWorld(options: OperatorOptions): World {
  const { settings, kubeConfig, clock, random, log } = options;
  const queues = createQueues(options);
  const index = createPipelineIndex();
  const caches = createCaches({
    kubeConfig,
    namespaces: settings['watch-namespaces'],
    onPipeline: (key, source) => routing.pipelineChanged(key, source),
    onClient: (key, source) => routing.clientChanged(key, source),
    onShard: (key) => shardChanged(key),
    clock,
    random,
    log,
  });
  const routing = createRouting({
    pipelines: caches.pipelines,
    clients: caches.clients,
    index,
    pipelineQueue: queues.pipelines.queue,
    clientQueue: queues.clients.queue,
    defaultClient: settings['default-client'],
  });
  const configMapShards = createConfigMapShards(caches.shards, createConfigMaps(kubeConfig));
  const shardChanged = createShardWatcher({
    ...caches,
    pipelineQueue: queues.pipelines.queue,
    clientQueue: queues.clients.queue,
    notice: configMapShards.notice,
  });
  return { queues, index, caches, configMapShards, routing };
}
