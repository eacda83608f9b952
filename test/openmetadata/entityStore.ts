import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { collectionOf, type CollectionName } from './collections.ts';

/** The members that OpenMetadata itself gives to an entity, beside those of the request that created it. */
export interface Entity extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly name: string;
  readonly fullyQualifiedName: string;
}

export interface EntityRequest extends Readonly<Record<string, unknown>> {
  readonly name: string;
}

/** A request named a parent that is not there. */
export class ParentNotFound extends Error {}

export interface EntityStore {
  /** Creates or replaces; the id of an entity never changes. */
  upsert(collection: CollectionName, request: EntityRequest): Entity;
  byName(collection: CollectionName, fullyQualifiedName: string): Entity | undefined;
  byId(collection: CollectionName, id: string): Entity | undefined;
  all(collection: CollectionName): Entity[];
  remove(collection: CollectionName, id: string): void;
}

export function createEntityStore(): EntityStore {
  const collections = new Map<CollectionName, Map<string, Entity>>();

  function entitiesOf(collection: CollectionName): Map<string, Entity> {
    const known = collections.get(collection) ?? new Map<string, Entity>();
    collections.set(collection, known);
    return known;
  }

  function byId(collection: CollectionName, id: string): Entity | undefined {
    return [...entitiesOf(collection).values()].find((entity) => entity.id === id);
  }

  function findParent(collection: CollectionName, request: EntityRequest): Parent | undefined {
    const { parent } = collectionOf(collection);
    if (parent === undefined) return undefined;
    const wanted = request[parent.member];
    for (const name of parent.collections) {
      const found = [...entitiesOf(name).values()].find((entity) => isReferredBy(wanted, entity));
      if (found !== undefined)
        return { member: parent.member, type: collectionOf(name).entityType, entity: found };
    }
    throw new ParentNotFound(`${parent.member} instance for ${JSON.stringify(wanted)} not found`);
  }

  function upsert(collection: CollectionName, request: EntityRequest): Entity {
    const parent = findParent(collection, request);
    // A basic test suite bears the name of its table, and that is its fully qualified name as it stands.
    const fullyQualifiedName =
      collection === 'testSuites' ? request.name : qualify(request.name, parent?.entity);
    const known = entitiesOf(collection).get(fullyQualifiedName);
    const content = { ...known, ...request, ...references(parent), fullyQualifiedName };
    const entity = { ...content, ...stamp(known, content) };
    entitiesOf(collection).set(fullyQualifiedName, entity);
    return entity;
  }

  return {
    upsert,
    byId,
    byName: (collection, name) => entitiesOf(collection).get(name),
    all: (collection) => [...entitiesOf(collection).values()],
    remove: (collection, id) => {
      const entity = byId(collection, id);
      if (entity !== undefined) entitiesOf(collection).delete(entity.fullyQualifiedName);
    },
  };
}

interface Parent {
  readonly member: string;
  readonly type: string;
  readonly entity: Entity;
}

/** Requests name their parent either by its fully qualified name or by a reference with its id. */
function isReferredBy(wanted: unknown, entity: Entity): boolean {
  if (typeof wanted === 'string') return wanted === entity.fullyQualifiedName;
  return typeof wanted === 'object' && wanted !== null && 'id' in wanted && wanted.id === entity.id;
}

function qualify(name: string, parent: Entity | undefined): string {
  const quoted = name.includes('.') ? `"${name}"` : name;
  return parent === undefined ? quoted : `${parent.fullyQualifiedName}.${quoted}`;
}

/** To the parent and to what that belongs to: a schema refers to its database and to its service. */
function references(parent: Parent | undefined): Record<string, unknown> {
  if (parent === undefined) return {};
  const { id, name, fullyQualifiedName, database, service } = parent.entity;
  return { database, service, [parent.member]: { id, type: parent.type, name, fullyQualifiedName } };
}

function stamp(known: Entity | undefined, content: object): Stamp {
  const changed = known !== undefined && !isDeepStrictEqual(known, { ...content });
  return {
    id: known?.id ?? randomUUID(),
    version: nextVersion(known, changed),
    updatedAt: changed || known === undefined ? Date.now() : Number(known['updatedAt']),
    updatedBy: 'ingestion-bot',
  };
}

interface Stamp {
  readonly id: string;
  readonly version: number;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** Grows by 0.1 with each change. */
function nextVersion(known: Entity | undefined, changed: boolean): number {
  const version = Number(known?.['version'] ?? 0);
  return known === undefined || changed ? Math.round((version + 0.1) * 10) / 10 : version;
}
