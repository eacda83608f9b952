import { createHmac } from 'node:crypto';
import { canonicalJson, revealSecrets, type JsonValue } from './json.ts';
import type { SecretValue } from './secretValue.ts';

/**
 * Hash of a document with its secrets resolved, 64 hexadecimal digits. It stands in a status that many may read,
 * hence keyed: without the key nobody can test a guess at a secret against it. A document without secrets needs no key.
 */
export function configHash(document: JsonValue, key: SecretValue | undefined): string {
  return createHmac('sha256', key?.reveal() ?? '')
    .update(canonicalJson(revealSecrets(document)))
    .digest('hex');
}
