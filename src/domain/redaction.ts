import type { SecretValue } from './secretValue.ts';

const MASK = '[redacted]';
/** Shorter values would mask half of every sentence, and are no secrets worth the name. */
const MINIMUM_LENGTH = 4;

/**
 * Masks every known secret in a text that came from outside (an import error, a log), in the forms it may have there:
 * plain, base64, URL-encoded, JSON-escaped; and what is a secret by its looks: JSON web tokens, passwords in addresses.
 * A source's password is known to OpenMetadata only, and drivers show it in the address that they could not reach.
 */
export function redact(text: string, secrets: Iterable<SecretValue>): string {
  let masked = text;
  for (const secret of secrets) {
    for (const form of formsOf(secret.reveal())) {
      masked = masked.replaceAll(form, MASK);
    }
  }
  return masked
    .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, MASK)
    .replaceAll(/(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g, `$1${MASK}`);
}

function formsOf(value: string): string[] {
  if (value.length < MINIMUM_LENGTH) {
    return [];
  }
  const forms = [
    value,
    Buffer.from(value).toString('base64'),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ];
  return [...new Set(forms)];
}
