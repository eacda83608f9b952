import { isJsonArray, isJsonObject, revealSecrets, type JsonValue } from './json.ts';
import { PlaceholderValue } from './placeholderValue.ts';
import { SecretValue } from './secretValue.ts';

/**
 * JSON text for a ConfigMap, which anybody may read: a member whose value came from a Secret is left out. Airflow's
 * side expands `$NAME` in the raw text, so a literal dollar is written as its escape, and only placeholders keep theirs.
 */
export function configMapDocument(value: JsonValue): string {
  if (value instanceof PlaceholderValue) {
    return JSON.stringify(value);
  }
  if (isJsonArray(value)) {
    const items = value.filter((item) => isKept(item));
    return `[${items.map((item) => configMapDocument(item)).join(',')}]`;
  }
  if (!isJsonObject(value)) {
    return quoteDollars(JSON.stringify(value));
  }
  const members = Object.entries(value).filter(([, member]) => isKept(member));
  const texts = members.map(
    ([key, member]) => `${quoteDollars(JSON.stringify(key))}:${configMapDocument(member)}`,
  );
  return `{${texts.join(',')}}`;
}

/** The same text for a Secret, with every value that came from one. */
export function secretDocument(value: JsonValue): SecretValue {
  return new SecretValue(configMapDocument(revealSecrets(value)));
}

function isKept(value: JsonValue): boolean {
  return value !== undefined && !(value instanceof SecretValue);
}

function quoteDollars(text: string): string {
  return text.replaceAll('$', String.raw`\u0024`);
}
