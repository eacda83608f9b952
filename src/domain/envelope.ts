import type { IngestionPipelineSpec } from '../api/ingestionPipeline.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { uuidOf } from './uuid.ts';
import { isAtLeast, type Version } from './version.ts';

/**
 * The part of a document that is about the entity in OpenMetadata and differs between versions. Each version refuses a
 * document with a field that it does not know: `owner` up to 1.4, `owners` since; `domain` from 1.5 to 1.8, `domains` since;
 * `raiseOnError` since 1.7; `enableStreamableLogs` since 1.10; tags never.
 */
export function envelopeOf(spec: IngestionPipelineSpec, version: Version): JsonObject {
  const domains = (spec.domains ?? []).map((name) => reference('domain', name));
  return {
    ...single(ownersField(version), 'owner', ownersOf(spec)),
    ...single(domainsField(version), 'domain', domains),
    raiseOnError: takesRaiseOnError(version) ? spec.raiseOnError : undefined,
    enableStreamableLogs: takesStreamableLogs(version) ? spec.enableStreamableLogs : undefined,
  };
}

/** The part of a CreateIngestionPipeline that differs likewise; domains are named there, not referred to. */
export function entityEnvelope(
  owners: readonly JsonObject[],
  domains: readonly string[],
  version: Version,
): JsonObject {
  return {
    ...single(ownersField(version), 'owner', owners),
    ...single(domainsField(version), 'domain', domains),
  };
}

/** Whether one can say who made an entity: `automation` is known since 1.7. */
export function takesProvider(version: Version): boolean {
  return isAtLeast(version, 1, 7);
}

/** What of the specification this version takes no account of, as a sentence; empty where it takes everything. */
export function remarkOnEnvelope(spec: IngestionPipelineSpec, version: Version): string {
  const leftOut = [
    ...surplusOf('owners', spec.owners?.length ?? 0, ownersField(version)),
    ...surplusOf('domains', spec.domains?.length ?? 0, domainsField(version)),
    ...(spec.tags?.length ? ['spec.tags'] : []),
    ...(spec.raiseOnError !== undefined && !takesRaiseOnError(version) ? ['spec.raiseOnError'] : []),
    ...(spec.enableStreamableLogs !== undefined && !takesStreamableLogs(version)
      ? ['spec.enableStreamableLogs']
      : []),
  ];
  const { major, minor } = version;
  return leftOut.length === 0
    ? ''
    : `Left out, because the managed APIs ${major}.${minor} do not take it: ${leftOut.join(', ')}.`;
}

/** How a version names those that something belongs to; undefined where it has no such field. */
type Field = 'one' | 'many' | undefined;

function ownersField(version: Version): Field {
  return isAtLeast(version, 1, 5) ? 'many' : 'one';
}

function domainsField(version: Version): Field {
  if (isAtLeast(version, 1, 9)) {
    return 'many';
  }
  return isAtLeast(version, 1, 5) ? 'one' : undefined;
}

function takesRaiseOnError(version: Version): boolean {
  return isAtLeast(version, 1, 7);
}

function takesStreamableLogs(version: Version): boolean {
  return isAtLeast(version, 1, 10);
}

function single(field: Field, name: string, values: readonly JsonValue[]): JsonObject {
  if (values.length === 0 || field === undefined) {
    return {};
  }
  return field === 'many' ? { [`${name}s`]: values } : { [name]: values[0] };
}

function surplusOf(name: string, count: number, field: Field): string[] {
  if (count === 0 || field === 'many') {
    return [];
  }
  if (field === undefined) {
    return [`spec.${name}`];
  }
  return count === 1 ? [] : [`all but the first of spec.${name}`];
}

function ownersOf({ owners = [] }: IngestionPipelineSpec): JsonObject[] {
  return owners.map(({ type, name }) => reference(type, name));
}

/** To an entity by name. The id is made from it: the plugin looks everything up by name. */
export function reference(type: string, name: string): JsonObject {
  return { id: uuidOf(`${type} ${name}`), type, name };
}
