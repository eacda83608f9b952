import { resolve, type Definitions } from './definitions.ts';
import type { Path } from './fault.ts';
import type { Shape, SourceConfigSchema } from './shape.ts';

/** The forms that a schema has for a type of source configuration. */
export function formsOf(
  schema: SourceConfigSchema,
  configType: string,
  serviceType: string,
): readonly Shape[] {
  const forms = new Map(Object.entries(serviceForms(schema, configType)));
  const form = forms.get(serviceType) ?? forms.get('any');
  return form === undefined ? [] : [form];
}

/** The forms of a type by type of service; none where the version does not know the type. */
export function serviceForms(
  schema: SourceConfigSchema,
  configType: string,
): Readonly<Record<string, Shape>> {
  const known = Object.hasOwn(schema.sourceConfigs, configType);
  return (known ? schema.sourceConfigs[configType] : undefined) ?? {};
}

/** Whether any of the forms has a key at this place. */
export function hasKeyAt(forms: readonly Shape[], path: Path, definitions: Definitions): boolean {
  return formsAt(forms, path, definitions).length > 0;
}

/** What the forms have at this place. */
export function formsAt(forms: readonly Shape[], path: Path, definitions: Definitions): readonly Shape[] {
  const [step, ...rest] = path;
  if (step === undefined || forms.length === 0) return forms;
  return formsAt(
    forms.flatMap((form) => membersAt(form, step, definitions)),
    rest,
    definitions,
  );
}

function membersAt(shape: Shape, step: string | number, definitions: Definitions): readonly Shape[] {
  const form = resolve(shape, definitions);
  if (typeof form === 'string') return [];
  if ('anyOf' in form) return form.anyOf.flatMap((branch) => membersAt(branch, step, definitions));
  if ('items' in form) return typeof step === 'number' ? [form.items] : [];
  if ('properties' in form && Object.hasOwn(form.properties, step)) {
    const member = form.properties[step];
    return member === undefined ? [] : [member];
  }
  return [];
}

/** Every place below the form where objects have this key, each once. */
export function placesOf(key: string, shape: Shape, definitions: Definitions, path: Path = []): Path[] {
  const form = resolve(shape, definitions);
  if (typeof form === 'string') return [];
  if ('anyOf' in form) {
    const places = form.anyOf.flatMap((branch) => placesOf(key, branch, definitions, path));
    return [...new Map(places.map((place) => [place.join('/'), place])).values()];
  }
  if (!('properties' in form)) return [];
  const own = Object.hasOwn(form.properties, key) ? [[...path, key]] : [];
  const inner = Object.entries(form.properties).flatMap(([name, member]) =>
    placesOf(key, member, definitions, [...path, name]),
  );
  return [...own, ...inner];
}

/** What tells the variants that have this key from those that have not, such as `dbtConfigType local`. */
export function variantsWith(key: string, forms: readonly Shape[], definitions: Definitions): string[] {
  return forms.flatMap((shape): string[] => {
    const form = resolve(shape, definitions);
    if (typeof form === 'string') return [];
    if ('anyOf' in form) return variantsWith(key, form.anyOf, definitions);
    if (!('properties' in form) || !Object.hasOwn(form.properties, key)) return [];
    return Object.entries(form.properties).flatMap(([name, member]) => {
      const literals = resolve(member, definitions);
      const isSingle = typeof literals === 'object' && 'enum' in literals && literals.enum.length === 1;
      return isSingle ? [`${name} ${literals.enum[0]}`] : [];
    });
  });
}
