import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from './json.ts';

/**
 * A copy of the object with the value at a path such as `config.sources.0.password`, where a number counts the items of
 * a list. Missing objects on the way are made; undefined where the path leads through something else.
 */
export function setAtPath(root: JsonObject, path: string, value: JsonValue): JsonObject | undefined {
  const changed = change(root, path.split('.'), value);
  return isJsonObject(changed) ? changed : undefined;
}

function change(node: JsonValue, steps: readonly string[], value: JsonValue): JsonValue {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return value;
  }
  return isJsonArray(node) ? changeItem(node, step, rest, value) : changeMember(node, step, rest, value);
}

function changeItem(list: JsonArray, step: string, rest: readonly string[], value: JsonValue): JsonValue {
  const index = /^\d+$/.test(step) ? Number(step) : list.length;
  if (index >= list.length) {
    return undefined;
  }
  const item = change(list[index], rest, value);
  return item === undefined ? undefined : list.with(index, item);
}

function changeMember(node: JsonValue, key: string, rest: readonly string[], value: JsonValue): JsonValue {
  const object = node ?? {};
  if (!isJsonObject(object)) {
    return undefined;
  }
  const member = change(Object.hasOwn(object, key) ? object[key] : undefined, rest, value);
  return member === undefined ? undefined : { ...object, [key]: member };
}
