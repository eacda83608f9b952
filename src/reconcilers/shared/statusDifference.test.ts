import { describe, expect, it } from 'vitest';
import { statusDiffers } from './statusDifference.ts';

describe('statusDiffers', () => {
  it.each<[string, object | undefined, object, boolean]>([
    ['nothing against nothing', undefined, {}, false],
    ['the same', { a: { b: [1] } }, { a: { b: [1] } }, false],
    ['members in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, false],
    ['an undefined member against none', { a: 1 }, { a: 1, b: undefined }, false],
    ['a member that is gone', { a: 1, b: 2 }, { a: 1, b: undefined }, true],
    ['another value, deep inside', { a: { b: [1] } }, { a: { b: [2] } }, true],
    ['false against nothing', {}, { a: false }, true],
    ['a list in another order', { a: [1, 2] }, { a: [2, 1] }, true],
  ])('compares %s', (_, before, after, expected) => {
    expect(statusDiffers(before, after)).toBe(expected);
  });
});
