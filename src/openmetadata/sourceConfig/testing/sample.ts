import type { JsonValue } from '../../../domain/json.ts';
import { resolve, type Definitions } from '../definitions.ts';
import type { Shape } from '../shape.ts';

const SIMPLE: Readonly<Record<string, JsonValue>> = {
  boolean: true,
  integer: 1,
  number: 1.5,
  uri: 'https://example.com/x',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
};

/** A value of this form, with only the keys that it must have or, in full, with all of them. */
export function sample(shape: Shape, definitions: Definitions, isFull = false): JsonValue {
  const form = resolve(shape, definitions);
  if (typeof form === 'string') return SIMPLE[form] ?? 'text';
  if ('enum' in form) return form.enum[0];
  if ('anyOf' in form) return sample(form.anyOf[0] ?? 'any', definitions, isFull);
  if ('items' in form) return [sample(form.items, definitions, isFull)];
  if ('values' in form) return { key: sample(form.values, definitions, isFull) };
  if ('properties' in form) {
    const members = Object.entries(form.properties).filter(([key]) => isFull || form.required?.includes(key));
    return Object.fromEntries(members.map(([key, member]) => [key, sample(member, definitions, isFull)]));
  }
  if (form.type !== 'string') return form.minimum ?? form.maximum ?? 0;
  return form.pattern?.startsWith('^<#E') === true ? '<#E::table::name>' : 'text';
}
