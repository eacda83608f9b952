import { describe, expect, it } from 'vitest';
import { canonicalJson, dropNulls, revealSecrets } from './json.ts';
import { SecretValue } from './secretValue.ts';

describe('canonicalJson', () => {
  it('does not depend on the order of members', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(
      canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }),
    );
  });

  it('masks secrets', () => {
    expect(canonicalJson({ a: new SecretValue('hunter2') })).not.toContain('hunter2');
  });
});

describe('revealSecrets', () => {
  it('unwraps secrets at any depth and leaves the rest', () => {
    expect(revealSecrets({ a: [{ b: new SecretValue('x') }], c: false })).toEqual({
      a: [{ b: 'x' }],
      c: false,
    });
  });
});

describe('dropNulls', () => {
  it('removes unset members but keeps false, zero and empty texts', () => {
    expect(dropNulls({ a: null, b: false, c: 0, d: '', e: { f: null } })).toEqual({
      b: false,
      c: 0,
      d: '',
      e: {},
    });
  });
});
