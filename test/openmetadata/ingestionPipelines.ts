import { z } from 'zod';
import { isAtLeast, parseVersion, type Version } from '../../src/domain/version.ts';
import type { CollectionName } from './collections.ts';
import type { Entity } from './entityStore.ts';
import { failure, ok, type Reply } from './reply.ts';
import type { Backend, Call } from './routes.ts';

const COLLECTION = 'ingestionPipelines';
const REFERRED: Readonly<Record<string, CollectionName>> = { user: 'users', team: 'teams' };

const Reference = z.looseObject({ id: z.string(), type: z.string() });
const Create = z.looseObject({
  name: z.string().min(1),
  service: Reference,
  pipelineType: z.string(),
  sourceConfig: z.strictObject({ config: z.unknown() }),
  airflowConfig: z.looseObject({}),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  owner: Reference.nullish(),
  owners: z.array(Reference).nullish(),
  domain: z.string().nullish(),
  domains: z.array(z.string()).nullish(),
});
const Patch = z.array(
  z.strictObject({
    op: z.enum(['add', 'replace', 'remove']),
    path: z.enum(['/description', '/displayName']),
    value: z.string().optional(),
  }),
);

/** Creates or updates. Texts that are there already are not changed, since the caller is a bot. */
export function putPipeline({ backend, body }: Call): Reply {
  const request = Create.parse(body);
  const unknown = unknownFields(request, backend.version);
  if (unknown.length > 0) return failure(400, `Unrecognized field "${unknown[0]}"`);
  const missing = missingReferences(request, backend);
  if (missing !== undefined) return failure(404, missing);
  const known = backend.store
    .all(COLLECTION)
    .find(({ name, ...entity }) => name === request.name && isOf(entity, request.service.id));
  const texts = known && { ...textOf(known, 'description'), ...textOf(known, 'displayName') };
  const defaults = { provider: 'user', enabled: true };
  return ok(
    backend.store.upsert(COLLECTION, { ...defaults, ...request, ...texts, deployed: false, deleted: false }),
  );
}

export function getPipelineByName({ backend, parameters, query }: Call): Reply {
  return visible(backend.store.byName(COLLECTION, parameters['name'] ?? ''), parameters['name'], query);
}

export function getPipeline({ backend, parameters, query }: Call): Reply {
  return visible(backend.store.byId(COLLECTION, parameters['id'] ?? ''), parameters['id'], query);
}

export function patchPipeline({ backend, parameters, body }: Call): Reply {
  const entity = backend.store.byId(COLLECTION, parameters['id'] ?? '');
  if (entity === undefined) return notFound(parameters['id']);
  const changes = Patch.parse(body).map(({ path, value }) => [path.slice(1), value]);
  return ok(backend.store.upsert(COLLECTION, { ...entity, ...Object.fromEntries(changes) }));
}

/** Takes the pipeline down in Airflow, too, deployed from here or not, and after the entity is gone. */
export function deletePipeline({ backend, parameters, query }: Call): Reply {
  const entity = backend.store.byId(COLLECTION, parameters['id'] ?? '');
  if (entity === undefined) return notFound(parameters['id']);
  if (query.get('hardDelete') === 'true') {
    backend.store.remove(COLLECTION, entity.id);
  } else {
    backend.store.upsert(COLLECTION, { ...entity, deleted: true });
  }
  backend.pipelineService.deletePipeline(entity.name);
  return ok(entity);
}

/** HTTP 200 also where all is not well; the code within tells. */
export function pipelineServiceStatus({ backend }: Call): Reply {
  const { platform } = backend.pipelineService;
  return ok({ code: 200, platform, ...(platform === 'Airflow' && { version: `${backend.version}.0` }) });
}

function visible(entity: Entity | undefined, name: string | undefined, query: URLSearchParams): Reply {
  const hidden = entity?.['deleted'] === true && query.get('include') !== 'all';
  return entity === undefined || hidden ? notFound(name) : ok(entity);
}

function notFound(name = ''): Reply {
  return failure(404, `ingestionPipeline instance for ${name} not found`);
}

function textOf(entity: Entity, member: 'description' | 'displayName'): Record<string, unknown> {
  const text = entity[member];
  return typeof text === 'string' && text !== '' ? { [member]: text } : {};
}

function missingReferences(request: z.infer<typeof Create>, { store }: Backend): string | undefined {
  const owners = [...(request.owners ?? []), ...(request.owner ? [request.owner] : [])];
  const owner = owners.find(({ id, type }) => store.byId(REFERRED[type] ?? 'users', id) === undefined);
  const domains = [...(request.domains ?? []), ...(request.domain ? [request.domain] : [])];
  const domain = domains.find((name) => store.byName('domains', name) === undefined);
  if (owner !== undefined) return `${owner.type} instance for ${owner.id} not found`;
  return domain === undefined ? undefined : `domain instance for ${domain} not found`;
}

function isOf({ service }: Readonly<Record<string, unknown>>, serviceId: string): boolean {
  return Reference.safeParse(service).data?.id === serviceId;
}

/** As the CreateIngestionPipeline of each version, which takes no other members. */
function unknownFields(request: object, serverVersion: string): string[] {
  const version = parseVersion(serverVersion) ?? { major: 0, minor: 0 };
  const known = new Set(knownFields(version));
  return Object.keys(request).filter((field) => !known.has(field));
}

function knownFields(version: Version): string[] {
  function since(major: number, minor: number, ...fields: readonly string[]): readonly string[] {
    return isAtLeast(version, major, minor) ? fields : [];
  }
  const first = 'name displayName description pipelineType sourceConfig airflowConfig loggerLevel service';
  return [
    ...first.split(' '),
    ...(isAtLeast(version, 1, 5) ? ['owners'] : ['owner']),
    ...(isAtLeast(version, 1, 9) ? ['domains'] : since(1, 5, 'domain')),
    ...since(1, 7, 'raiseOnError', 'provider'),
    ...since(1, 9, 'processingEngine'),
    ...since(1, 10, 'enableStreamableLogs'),
  ];
}
