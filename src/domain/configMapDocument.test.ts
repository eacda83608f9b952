import { describe, expect, it } from 'vitest';
import { configMapDocument } from './configMapDocument.ts';
import { PlaceholderValue } from './placeholderValue.ts';
import { SecretValue } from './secretValue.ts';

describe('configMapDocument', () => {
  it('leaves secrets out, also from lists', () => {
    const text = configMapDocument({ a: new SecretValue('hunter2'), b: [new SecretValue('hunter2'), 1] });

    expect(JSON.parse(text)).toEqual({ b: [1] });
  });

  it('keeps a placeholder so that Airflow expands it', () => {
    expect(configMapDocument({ token: new PlaceholderValue('TOKEN') })).toBe('{"token":"${TOKEN}"}');
  });

  it('writes any other dollar so that Airflow reads it back as it was', () => {
    const document = { pattern: '^a$HOME', list: ['$X'], nested: { $key: 1 } };
    const text = configMapDocument(document);

    expect(text).not.toContain('$');
    expect(JSON.parse(text)).toEqual(document);
  });

  it('round-trips everything else', () => {
    const document = { a: null, b: false, c: 0, d: 'é "quoted"\n', e: [[], {}] };

    expect(JSON.parse(configMapDocument(document))).toEqual(document);
  });
});
