import { isJsonArray, isJsonObject, type JsonValue } from './json.ts';
import { SecretValue } from './secretValue.ts';

/** What Airflow's side expands from its environment in any text of a document (`os.path.expandvars`). */
const PLACEHOLDER = /\$([A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\})/;

/** JSON paths of all texts and names, secret ones too, that Airflow would expand though nobody asked for it. */
export function findPlaceholders(value: JsonValue, path = ''): string[] {
  const text = value instanceof SecretValue ? value.reveal() : value;
  if (typeof text === 'string') {
    return PLACEHOLDER.test(text) ? [path] : [];
  }
  if (isJsonArray(text)) {
    return text.flatMap((item, index) => findPlaceholders(item, `${path}[${index}]`));
  }
  if (!isJsonObject(text)) {
    return [];
  }
  return Object.entries(text).flatMap(([key, member]) => {
    const memberPath = path === '' ? key : `${path}.${key}`;
    return PLACEHOLDER.test(key) ? [memberPath] : findPlaceholders(member, memberPath);
  });
}
