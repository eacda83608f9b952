import { pipelineTypes } from '../../api/pipelineType.ts';
import { sourceConfigType } from '../../domain/sourceConfigType.ts';
import { pointerTo, type Path } from './fault.ts';
import { formsAt, formsOf, hasKeyAt, placesOf, serviceForms, variantsWith } from './places.ts';
import type { Setting, VersionSchema } from './setting.ts';
import { versionSpan } from './versionSpan.ts';
import { listed } from './words.ts';

/** Keys that mean something else wherever they occur. */
const COMMON_KEYS = new Set(['type', 'config', 'name', 'enabled']);
const MOST_TYPES = 3;

/** Whether this version has the key at this place: in another variant, or for another type of service. */
export function hasKeyNow(path: Path, { schema, configType }: Setting): boolean {
  const forms = Object.values(serviceForms(schema, configType));
  return hasKeyAt(forms, path.slice(1), schema.definitions);
}

/** Another variant at the same place has the key. */
export function otherVariants(path: Path, { form, schema }: Setting): string | undefined {
  const { definitions } = schema;
  if (!hasKeyAt([form], path.slice(1), definitions)) return undefined;
  const containers = formsAt([form], path.slice(1, -1), definitions);
  const literals = variantsWith(String(path.at(-1)), containers, definitions);
  return literals.length === 0
    ? 'it does not go with the other keys here'
    : `it goes with ${listed(literals)}`;
}

/** The same type has the key there for other types of service. */
export function otherServices(path: Path, { schema, configType }: Setting): string | undefined {
  const services = Object.entries(serviceForms(schema, configType)).filter(
    ([service, form]) => service !== 'any' && hasKeyAt([form], path.slice(1), schema.definitions),
  );
  return services.length === 0 ? undefined : `it is for a ${listed(services.map(([service]) => service))}`;
}

/** Other versions have the key there. */
export function otherVersions(
  path: Path,
  { configType, serviceType, version }: Setting,
  versions: readonly VersionSchema[],
): string | undefined {
  const knowing = versions.filter(({ schema }) =>
    hasKeyAt(formsOf(schema, configType, serviceType), path.slice(1), schema.definitions),
  );
  const span = versionSpan(
    knowing.map((one) => one.version),
    version,
    versions.map((one) => one.version),
  );
  return span === undefined ? undefined : `known ${span}`;
}

/** The key has its place elsewhere in this source configuration, and only one. */
export function otherPlace(path: Path, { form, schema }: Setting): string | undefined {
  const key = String(path.at(-1));
  if (COMMON_KEYS.has(key)) return undefined;
  const [place, ...more] = placesOf(key, form, schema.definitions, ['config']);
  return place === undefined || more.length > 0 ? undefined : `it belongs at ${pointerTo(place)}`;
}

/** The few other types that this service can have, too, and that have the option. One that many have tells nothing. */
export function otherTypes(path: Path, { schema, serviceType }: Setting): string | undefined {
  const key = String(path.at(-1));
  if (path.length !== 2 || COMMON_KEYS.has(key)) return undefined;
  const possible = new Set(pipelineTypes.map((pipelineType) => sourceConfigType(pipelineType, serviceType)));
  const types = Object.keys(schema.sourceConfigs).filter(
    (type) => possible.has(type) && hasKeyAt(formsOf(schema, type, serviceType), [key], schema.definitions),
  );
  return types.length === 0 || types.length > MOST_TYPES ? undefined : `it is an option of ${listed(types)}`;
}
