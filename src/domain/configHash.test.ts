import { describe, expect, it } from 'vitest';
import { configHash } from './configHash.ts';
import { SecretValue } from './secretValue.ts';

const key = new SecretValue('key');

describe('configHash', () => {
  it('changes with a secret inside the document', () => {
    const before = configHash({ password: new SecretValue('a') }, key);

    expect(configHash({ password: new SecretValue('b') }, key)).not.toBe(before);
  });

  it('cannot be recomputed without the key', () => {
    expect(configHash({ a: 1 }, key)).not.toBe(configHash({ a: 1 }, new SecretValue('other')));
  });

  it('is the same for the same document in another order', () => {
    expect(configHash({ a: 1, b: 2 }, key)).toBe(configHash({ b: 2, a: 1 }, key));
  });
});
