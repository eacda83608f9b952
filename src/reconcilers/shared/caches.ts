import { API_GROUP, API_VERSION } from '../../api/group.ts';
import { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Logger } from '../../domain/logger.ts';
import type { PooledKubeConfig } from '../../kube/kubeConfig.ts';
import { createReflector, type Reflector } from '../../kube/reflector.ts';
import type { KeySource } from '../../kube/reflectorOptions.ts';
import { DocumentShard } from './configMapShards.ts';
import { DOCUMENT_LABELS } from './documentPlace.ts';

export interface CacheOptions {
  readonly kubeConfig: PooledKubeConfig;
  /** Undefined: all namespaces. */
  readonly namespaces: readonly string[] | undefined;
  readonly onPipeline: (key: string, source: KeySource) => void;
  readonly onClient: (key: string, source: KeySource) => void;
  readonly onShard: (key: string) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/** Local copies of everything that the operator watches. */
export interface Caches {
  readonly pipelines: Reflector<IngestionPipeline>;
  readonly clients: Reflector<PipelineServiceClient>;
  readonly shards: Reflector<DocumentShard>;
  /** Resolves when the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
  synced(): boolean;
  whenSynced(signal: AbortSignal): Promise<void>;
}

const COLLECTION = `/apis/${API_GROUP}/${API_VERSION}`;

export function createCaches(options: CacheOptions): Caches {
  const { onPipeline, onClient, onShard, namespaces, ...common } = options;
  const scope = namespaces === undefined ? common : { ...common, namespaces };
  const pipelines = createReflector({
    ...scope,
    path: `${COLLECTION}/ingestionpipelines`,
    parse: (raw) => IngestionPipeline.parse(raw),
    onKey: onPipeline,
  });
  const clients = createReflector({
    ...scope,
    path: `${COLLECTION}/pipelineserviceclients`,
    parse: (raw) => PipelineServiceClient.parse(raw),
    onKey: onClient,
  });
  const shards = createReflector({
    ...scope,
    path: '/api/v1/configmaps',
    labelSelector: Object.entries(DOCUMENT_LABELS)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    parse: (raw) => DocumentShard.parse(raw),
    onKey: onShard,
  });
  const all = [pipelines, clients, shards];
  return {
    pipelines,
    clients,
    shards,
    run: async (signal) => {
      await Promise.all(all.map((cache) => cache.run(signal)));
    },
    synced: () => all.every((cache) => cache.synced()),
    whenSynced: async (signal) => {
      await Promise.all(all.map((cache) => cache.whenSynced(signal)));
    },
  };
}
