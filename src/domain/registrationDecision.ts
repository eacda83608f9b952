import { readMark, sameOwner, type Owner } from './mark.ts';
import type { RegisteredEntity } from './registeredEntity.ts';
import { AUTOMATION } from './registration.ts';

/** What is remembered of the last time the entity was written. */
export interface KnownRegistration {
  readonly id: string;
  readonly hash: string;
  readonly version: number;
}

export interface RegistrationFacts {
  readonly owner: Owner;
  /** Of the registration that OpenMetadata should show. */
  readonly hash: string;
  readonly known: KnownRegistration | undefined;
  readonly adopt: boolean;
  /** What OpenMetadata has under this name. */
  readonly entity: RegisteredEntity | undefined;
}

export type RegistrationDecision =
  /** It is there, as it was left. */
  | 'keep'
  /** It has to be created or changed, or may be taken over. */
  | 'put'
  /** Somebody else made it. */
  | 'leave';

/** Compares what OpenMetadata shows with what it should show. Our own entity is known by its mark, or else by its id. */
export function decideRegistration(facts: RegistrationFacts): RegistrationDecision {
  const { entity, known, owner, hash, adopt } = facts;
  if (entity === undefined) {
    return 'put';
  }
  const isOurs = isMarked(entity, owner) || known?.id === entity.id;
  if (!isOurs) {
    return adopt || isTraceOfRun(entity) ? 'put' : 'leave';
  }
  const isAsLeft =
    known?.id === entity.id && known.hash === hash && known.version === entity.version && !entity.deleted;
  return isAsLeft ? 'keep' : 'put';
}

/** Whether the entity may be deleted with the pipeline: only what the operator made, and nobody has made their own. */
export function mayDelete(entity: RegisteredEntity, owner: Owner, knowsProvider: boolean): boolean {
  return isMarked(entity, owner) && (entity.provider === AUTOMATION || !knowsProvider);
}

function isMarked({ description }: RegisteredEntity, owner: Owner): boolean {
  const mark = readMark(description);
  return mark !== undefined && sameOwner(mark.owner, owner);
}

/** A run makes an entity for itself where it finds none: without description, display name and schedule. */
function isTraceOfRun({ description, displayName, scheduleInterval, deleted }: RegisteredEntity): boolean {
  return description === '' && displayName === undefined && scheduleInterval === undefined && !deleted;
}
