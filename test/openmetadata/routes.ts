import { z } from 'zod';
import { collectionAt, type CollectionName } from './collections.ts';
import { ParentNotFound, type EntityStore } from './entityStore.ts';
import {
  deletePipeline,
  getPipeline,
  getPipelineByName,
  patchPipeline,
  pipelineServiceStatus,
  putPipeline,
} from './ingestionPipelines.ts';
import { failure, ok, type Reply } from './reply.ts';
import { testConnectionDefinition } from './testConnectionDefinition.ts';

/** What the handlers of all routes share. */
export interface Backend {
  readonly store: EntityStore;
  version: string;
  pipelineService: PipelineService;
  /** By the fully qualified name of the pipeline, oldest first. */
  readonly statuses: Map<string, readonly PipelineStatus[]>;
}

/** One report of a run. */
export interface PipelineStatus extends Readonly<Record<string, unknown>> {
  readonly runId: string;
  readonly pipelineState: string;
}

/** What the server runs its own pipelines with. */
export interface PipelineService {
  readonly platform: string;
  /** The server takes a pipeline down when its entity is deleted; may fail, and then so does the deletion's answer. */
  readonly deletePipeline: (name: string) => void;
}

export interface Call {
  readonly backend: Backend;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

interface Route {
  readonly methods: readonly string[];
  /** Below `/api/v1/`; named groups become parameters. */
  readonly path: RegExp;
  readonly handle: (call: Call) => Reply;
}

const EntityBody = z.looseObject({ name: z.string() });
const BulkBody = z.array(EntityBody);
const StatusBody = z.looseObject({ runId: z.string(), pipelineState: z.string() });
const NO_HITS = { took: 1, timed_out: false, hits: { total: { value: 0, relation: 'eq' }, hits: [] } };

/** The first that fits answers, so the order matters. */
const ROUTES: readonly Route[] = [
  { methods: ['GET'], path: /^health-check$/, handle: () => ok() },
  { methods: ['GET'], path: /^search\//, handle: () => ok(NO_HITS) },
  { methods: ['PUT', 'POST'], path: /^(lineage|usage)(\/|$)/, handle: () => ok() },
  {
    methods: ['PUT'],
    path: /^services\/ingestionPipelines\/(?<pipeline>[^/]+)\/pipelineStatus$/,
    handle: addStatus,
  },
  {
    methods: ['GET'],
    path: /^services\/ingestionPipelines\/(?<pipeline>[^/]+)\/pipelineStatus\/(?<runId>[^/]+)$/,
    handle: getStatus,
  },
  {
    methods: ['GET'],
    path: /^services\/ingestionPipelines\/(?<pipeline>[^/]+)\/pipelineStatus$/,
    handle: listStatuses,
  },
  { methods: ['PUT'], path: /^services\/ingestionPipelines\/progress\//, handle: () => ok() },
  { methods: ['GET'], path: /^services\/ingestionPipelines\/status$/, handle: pipelineServiceStatus },
  { methods: ['PUT', 'POST'], path: /^services\/ingestionPipelines$/, handle: putPipeline },
  {
    methods: ['GET'],
    path: /^services\/ingestionPipelines\/name\/(?<name>[^/]+)$/,
    handle: getPipelineByName,
  },
  { methods: ['GET'], path: /^services\/ingestionPipelines\/(?<id>[^/]+)$/, handle: getPipeline },
  { methods: ['PATCH'], path: /^services\/ingestionPipelines\/(?<id>[^/]+)$/, handle: patchPipeline },
  { methods: ['DELETE'], path: /^services\/ingestionPipelines\/(?<id>[^/]+)$/, handle: deletePipeline },
  {
    methods: ['GET'],
    path: /^services\/testConnectionDefinitions\/name\/(?<name>[^/]+)$/,
    handle: ({ parameters }) => ok(testConnectionDefinition(parameters['name'] ?? '')),
  },
  { methods: ['GET'], path: /^(?<collection>.+)\/name\/(?<name>[^/]+)$/, handle: getByName },
  { methods: ['PUT', 'POST'], path: /^(?<collection>.+)\/bulk$/, handle: upsertMany },
  { methods: ['DELETE'], path: /^.+\/deleteStale$/, handle: () => ok(bulkResult(0)) },
  { methods: ['GET'], path: /^(?<collection>(?:services\/|dataQuality\/)?[^/]+)$/, handle: list },
  {
    methods: ['PUT', 'POST'],
    path: /^(?<collection>(?:services\/|dataQuality\/)?[^/]+)$/,
    handle: upsertOne,
  },
  {
    methods: ['GET', 'PATCH', 'DELETE'],
    path: /^(?<collection>(?:services\/|dataQuality\/)?[^/]+)\/(?<id>[^/]+)$/,
    handle: getById,
  },
];

export interface AuthorisedCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Answers one authorised call; `path` is what follows `/api/v1/`. */
export function answer(backend: Backend, { method, path, query, body }: AuthorisedCall): Reply {
  for (const route of ROUTES) {
    const match = route.methods.includes(method) ? route.path.exec(path) : null;
    if (match !== null) {
      return attempt(route, { backend, body, query, parameters: decodeAll(match.groups ?? {}) });
    }
  }
  return failure(404, `HTTP 404 Not Found: ${method} ${path}`);
}

function attempt(route: Route, call: Call): Reply {
  try {
    return route.handle(call);
  } catch (error) {
    if (error instanceof ParentNotFound) return failure(404, error.message);
    if (error instanceof z.ZodError) return failure(400, z.prettifyError(error));
    return failure(500, String(error));
  }
}

function decodeAll(groups: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value ?? '')]),
  );
}

function getByName(call: Call): Reply {
  const name = call.parameters['name'] ?? '';
  const collection = collectionOfCall(call);
  const entity = collection === undefined ? undefined : call.backend.store.byName(collection, name);
  return entity === undefined
    ? failure(404, `${collection ?? 'entity'} instance for ${name} not found`)
    : ok(entity);
}

function getById(call: Call): Reply {
  const id = call.parameters['id'] ?? '';
  const collection = collectionOfCall(call);
  const entity = collection === undefined ? undefined : call.backend.store.byId(collection, id);
  return entity === undefined
    ? failure(404, `${collection ?? 'entity'} instance for ${id} not found`)
    : ok(entity);
}

function list(call: Call): Reply {
  const collection = collectionOfCall(call);
  const data = collection === undefined ? [] : call.backend.store.all(collection);
  return ok({ data, paging: { total: data.length } });
}

function upsertOne(call: Call): Reply {
  const collection = collectionOfCall(call);
  if (collection === undefined) return failure(404, 'HTTP 404 Not Found');
  return ok(call.backend.store.upsert(collection, EntityBody.parse(call.body)));
}

function upsertMany(call: Call): Reply {
  const collection = collectionOfCall(call);
  if (collection === undefined) return failure(404, 'HTTP 404 Not Found');
  const requests = BulkBody.parse(call.body);
  for (const request of requests) call.backend.store.upsert(collection, request);
  return ok(bulkResult(requests.length));
}

function addStatus(call: Call): Reply {
  const pipeline = call.parameters['pipeline'] ?? '';
  call.backend.statuses.set(pipeline, [...statusesOf(call), StatusBody.parse(call.body)]);
  return ok();
}

function getStatus(call: Call): Reply {
  return ok(statusesOf(call).findLast((status) => status.runId === call.parameters['runId']));
}

function listStatuses(call: Call): Reply {
  const data = statusesOf(call);
  return ok({ data, paging: { total: data.length } });
}

function statusesOf({ backend, parameters }: Call): readonly PipelineStatus[] {
  return backend.statuses.get(parameters['pipeline'] ?? '') ?? [];
}

function bulkResult(rows: number): Record<string, unknown> {
  return {
    dryRun: false,
    status: 'success',
    numberOfRowsProcessed: rows,
    numberOfRowsPassed: rows,
    numberOfRowsFailed: 0,
  };
}

function collectionOfCall(call: Call): CollectionName | undefined {
  return collectionAt(call.parameters['collection'] ?? '');
}
