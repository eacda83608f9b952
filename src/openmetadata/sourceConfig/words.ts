import type { JsonValue } from '../../domain/json.ts';
import { resolve, type Definitions } from './definitions.ts';
import { kindOf } from './kinds.ts';
import type { Shape } from './shape.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  any: 'a value',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  uri: 'an address',
  uuid: 'a UUID',
};
const MOST = 12;

/** `a, b or c`, cut short where there are many. */
export function listed(items: readonly string[], most = MOST): string {
  if (items.length > most) return `${items.slice(0, most).join(', ')} …`;
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} or ${items.at(-1)}` : items.join('');
}

/** What is expected, in a few words that follow "give". */
export function expectedOf(shape: Shape, definitions: Definitions): string {
  const form = resolve(shape, definitions);
  if (typeof form === 'string') return SIMPLE[form] ?? 'text';
  if ('enum' in form) return listed(form.enum);
  if ('items' in form) return `a list of ${pluralOf(form.items, definitions)}`;
  if ('anyOf' in form) {
    return listed([...new Set(form.anyOf.map((branch) => briefly(branch, definitions)))]);
  }
  if ('properties' in form) return objectWords(Object.keys(form.properties));
  if ('values' in form) return 'an object';
  return form.type === 'string' ? 'text' : (SIMPLE[form.type] ?? form.type);
}

function objectWords(keys: readonly string[]): string {
  return keys.length === 0 ? 'an empty object' : `an object with ${listed(keys)}`;
}

/** Without the keys, which differ between the branches of a choice. */
function briefly(shape: Shape, definitions: Definitions): string {
  return isObject(shape, definitions) ? 'an object' : expectedOf(shape, definitions);
}

function pluralOf(shape: Shape, definitions: Definitions): string {
  if (isObject(shape, definitions)) return 'objects';
  const words = expectedOf(shape, definitions);
  return words === 'text' ? 'texts' : words;
}

function isObject(shape: Shape, definitions: Definitions): boolean {
  const form = resolve(shape, definitions);
  return typeof form === 'object' && 'properties' in form;
}

/** What a value is, without telling its content. */
export function kindWords(value: JsonValue): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction';
  const kind = kindOf(value);
  if (kind === 'text') return typeof value === 'string' ? 'text' : 'text from a Secret';
  if (kind === 'list') return 'a list';
  return kind === 'object' ? 'an object' : 'null';
}
