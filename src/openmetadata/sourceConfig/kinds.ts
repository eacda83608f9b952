import { isJsonArray, isJsonObject, type JsonValue } from '../../domain/json.ts';
import { resolve, type Definitions } from './definitions.ts';
import type { Shape } from './shape.ts';

export type Kind = 'null' | 'boolean' | 'number' | 'text' | 'list' | 'object';

const EVERY_KIND: readonly Kind[] = ['null', 'boolean', 'number', 'text', 'list', 'object'];

/** A wrapped value, such as one out of a Secret, is text whose content nobody knows here. */
export function kindOf(value: JsonValue): Kind {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'number';
  if (isJsonArray(value)) return 'list';
  return isJsonObject(value) ? 'object' : 'text';
}

/** The kinds of value that can ever have this form. */
export function admittedKinds(shape: Shape, definitions: Definitions): readonly Kind[] {
  const form = resolve(shape, definitions);
  if (typeof form === 'string') return kindsOfSimple(form);
  if ('anyOf' in form) return form.anyOf.flatMap((branch) => admittedKinds(branch, definitions));
  if ('items' in form) return ['list'];
  if ('properties' in form || 'values' in form) return ['object'];
  return 'enum' in form || form.type === 'string' ? ['text'] : ['number'];
}

function kindsOfSimple(name: string): readonly Kind[] {
  if (name === 'any') return EVERY_KIND;
  if (name === 'boolean') return ['boolean'];
  return name === 'integer' || name === 'number' ? ['number'] : ['text'];
}
