import { PlaceholderValue } from './placeholderValue.ts';
import { SecretValue } from './secretValue.ts';

export type JsonObject = { readonly [key: string]: JsonValue };
export type JsonArray = readonly JsonValue[];

/** A JSON document in which some texts are still wrapped, because they came out of a Secret. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | SecretValue
  | PlaceholderValue
  | JsonArray
  | JsonObject
  | undefined;

export function isJsonArray(value: JsonValue): value is JsonArray {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonArray(value) && !isWrapped(value);
}

function isWrapped(value: JsonValue): value is SecretValue | PlaceholderValue {
  return value instanceof SecretValue || value instanceof PlaceholderValue;
}

/** JSON text with sorted keys, so that equal documents have equal texts. Wrapped values are masked. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(sortKeys(value));
}

/** Unwraps every secret. Only for what goes to its destination, or into a keyed hash. */
export function revealSecrets(value: JsonValue): JsonValue {
  if (value instanceof SecretValue) {
    return value.reveal();
  }
  if (isJsonArray(value)) {
    return value.map((item) => revealSecrets(item));
  }
  return isJsonObject(value) ? mapValues(value, revealSecrets) : value;
}

/** OpenMetadata's clients write unset options as null, which its own schemas refuse. */
export function dropNulls(value: JsonValue): JsonValue {
  if (isJsonArray(value)) {
    return value.map((item) => dropNulls(item));
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([key, member]) => [key, dropNulls(member)]));
}

function sortKeys(value: JsonValue): JsonValue {
  if (isJsonArray(value)) {
    return value.map((item) => sortKeys(item));
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const sorted = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, member]) => [key, sortKeys(member)]));
}

function mapValues(object: JsonObject, change: (value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, change(member)]));
}
