import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { checkChoice } from './checkChoice.ts';
import { checkEnum, checkNumber, checkText } from './checkScalar.ts';
import { resolve, type Definitions } from './definitions.ts';
import type { Fault, Path } from './fault.ts';
import { admittedKinds, kindOf } from './kinds.ts';
import { nearest } from './nearest.ts';
import type { ObjectShape, Shape } from './shape.ts';

/** Everything in which the value differs from the shape, in the order of the document. Nulls count as absent. */
export function checkValue(value: JsonValue, shape: Shape, path: Path, definitions: Definitions): Fault[] {
  const form = resolve(shape, definitions);
  if (form === 'any') return [];
  if (!admittedKinds(form, definitions).includes(kindOf(value))) {
    return [{ kind: 'wrongType', path, shape: form, given: value }];
  }
  if (typeof form === 'object' && 'anyOf' in form) {
    return checkChoice(value, form, path, definitions, checkValue);
  }
  if (isJsonArray(value)) return checkList(value, form, path, definitions);
  if (isJsonObject(value)) return checkObject(value, form, path, definitions);
  return checkScalar(value, form, path);
}

function checkScalar(value: JsonValue, form: Shape, path: Path): Fault[] {
  if (typeof value === 'number') {
    const limits = typeof form === 'object' && 'type' in form && form.type !== 'string' ? form : undefined;
    const isFraction = (form === 'integer' || limits?.type === 'integer') && !Number.isInteger(value);
    if (isFraction) return [{ kind: 'wrongType', path, shape: form, given: value }];
    return limits === undefined ? [] : checkNumber(value, limits, path);
  }
  if (typeof form === 'object') {
    if ('enum' in form) return checkEnum(value, form, path);
    return 'type' in form && form.type === 'string' ? checkText(value, form, path) : [];
  }
  return form === 'uri' || form === 'uuid' ? checkText(value, form, path) : [];
}

function checkList(list: readonly JsonValue[], form: Shape, path: Path, definitions: Definitions): Fault[] {
  if (typeof form !== 'object' || !('items' in form)) return [];
  if (list.length < (form.minItems ?? 0)) {
    const remedy = `give at least ${form.minItems}`;
    return [{ kind: 'outOfBounds', path, message: `has ${list.length} items`, remedy }];
  }
  return list.flatMap((item, index) => checkValue(item, form.items, [...path, index], definitions));
}

function checkObject(object: JsonObject, form: Shape, path: Path, definitions: Definitions): Fault[] {
  if (typeof form !== 'object') return [];
  const members = Object.entries(object).filter(([, member]) => member !== null && member !== undefined);
  if ('values' in form) {
    return members.flatMap(([key, member]) => checkValue(member, form.values, [...path, key], definitions));
  }
  if (!('properties' in form)) return [];
  const known = Object.keys(form.properties);
  const faults = members.flatMap(([key, member]): Fault[] => {
    const shape = Object.hasOwn(form.properties, key) ? form.properties[key] : undefined;
    return shape === undefined
      ? [{ kind: 'unknownKey', path: [...path, key], known, ignored: form.open === true }]
      : checkValue(member, shape, [...path, key], definitions);
  });
  const given = members.map(([key]) => key);
  return [...faults, ...missingKeys(given, form, path)];
}

/** A key that was only misspelt, which is a fault in itself, is not missed on top of that. */
function missingKeys(given: readonly string[], form: ObjectShape, path: Path): Fault[] {
  const refused = form.open === true ? [] : given.filter((key) => !Object.hasOwn(form.properties, key));
  return (form.required ?? [])
    .filter((key) => !given.includes(key))
    .filter((key) => !refused.some((other) => nearest(other, [key]) !== undefined))
    .map((key) => ({ kind: 'missingKey', path: [...path, key], shape: form.properties[key] ?? 'any' }));
}
