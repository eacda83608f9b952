import { once } from 'node:events';
import { createServer } from 'node:http';
import type { CollectionName, ServiceCollectionName } from './collections.ts';
import { createEntityStore, type Entity, type EntityRequest } from './entityStore.ts';
import { type RecordedRequest, respond, type ServerState } from './respond.ts';
import type { PipelineService, PipelineStatus } from './routes.ts';

export interface OpenMetadataOptions {
  /** Three numbers, such as `1.10.2`. */
  readonly version: string;
  /** The bearer token that every call needs but that for the version. */
  readonly token: string;
  /** Any free one when left out. */
  readonly port?: number;
  /** Of this machine; the loopback address when left out. */
  readonly address?: string;
}

export interface OpenMetadataStandIn {
  /** As `hostPort` of a document: ends in `/api`. */
  readonly url: string;
  /** In the order of their answers. */
  readonly requests: readonly RecordedRequest[];
  /** Returns the service with its new id. */
  addService(collection: ServiceCollectionName, service: EntityRequest): Entity;
  /** A user, team or domain. */
  addEntity(collection: 'users' | 'teams' | 'domains', name: string): Entity;
  /** As somebody else than the operator would, with these members. */
  addPipeline(pipeline: EntityRequest): Entity;
  entities(collection: CollectionName): readonly Entity[];
  /** What the runs of a pipeline reported, oldest first. */
  pipelineStatuses(fullyQualifiedName: string): readonly PipelineStatus[];
  setVersion(version: string): void;
  setToken(token: string): void;
  /** What the bot may not do from now on, such as `DELETE services/ingestionPipelines`: the beginnings of calls. */
  forbid(...deeds: readonly string[]): void;
  /** Lets calls with this beginning wait for their answer until the function that is returned is called. */
  hold(deed: string): () => void;
  /** What the server runs its own pipelines with; an Airflow of its own that has none of ours where nothing is set. */
  setPipelineService(service: PipelineService): void;
  stop(): Promise<void>;
}

/** Stands in for an OpenMetadata server: enough of one for deploys and for real ingestion runs. */
export async function startOpenMetadata(options: OpenMetadataOptions): Promise<OpenMetadataStandIn> {
  const { version, token, address = '127.0.0.1' } = options;
  const state: ServerState = {
    version,
    token,
    forbidden: [],
    pipelineService: { platform: 'Airflow', deletePipeline: () => {} },
    held: new Map(),
    requests: [],
    store: createEntityStore(),
    statuses: new Map(),
  };
  const server = createServer((request, response) => {
    // Fails only when the caller goes away in the middle of its request.
    respond(state, request, response).catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, address);
  await once(server, 'listening');
  const listening = server.address();
  const port = typeof listening === 'object' && listening !== null ? listening.port : 0;
  return {
    url: `http://${address}:${port}/api`,
    requests: state.requests,
    addService: (collection, service) => state.store.upsert(collection, service),
    addEntity: (collection, name) => state.store.upsert(collection, { name }),
    addPipeline: (pipeline) => state.store.upsert('ingestionPipelines', pipeline),
    entities: (collection) => state.store.all(collection),
    pipelineStatuses: (name) => state.statuses.get(name) ?? [],
    setVersion: (newVersion) => {
      state.version = newVersion;
    },
    setToken: (newToken) => {
      state.token = newToken;
    },
    forbid: (...deeds) => {
      state.forbidden = deeds;
    },
    hold: (deed) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      state.held.set(deed, promise);
      return () => {
        state.held.delete(deed);
        resolve();
      };
    },
    setPipelineService: (service) => {
      state.pipelineService = service;
    },
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
