import { describe, expect, it } from 'vitest';
import { findPlaceholders } from './placeholders.ts';
import { PlaceholderValue } from './placeholderValue.ts';
import { SecretValue } from './secretValue.ts';

describe('findPlaceholders', () => {
  it.each([
    ['a variable', { a: 'x $HOME' }, ['a']],
    ['a variable in braces, deep inside', { a: [{ b: '${HOME}' }] }, ['a[0].b']],
    ['a secret that holds a dollar and a name', { a: new SecretValue('pa$word') }, ['a']],
    ['a regular expression that ends in a dollar', { a: '^orders$' }, []],
    ['a price', { a: '$5' }, []],
    ['a placeholder that was asked for', { a: new PlaceholderValue('TOKEN') }, []],
  ])('judges %s', (_, document, expected) => {
    expect(findPlaceholders(document)).toEqual(expected);
  });
});
