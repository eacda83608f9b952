import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const KEYS = ['tableFilterPattern', 'schemaFilterPattern', 'includeTags', 'includeTables', 'threads', 'type'];

describe('the nearest key', () => {
  it.each([
    ['a letter left out', 'tableFilterPatern', 'tableFilterPattern'],
    ['a letter too many', 'includeTagss', 'includeTags'],
    ['two letters swapped', 'inculdeTags', 'includeTags'],
    ['another case', 'TableFilterpattern', 'tableFilterPattern'],
    ['the singular', 'thread', 'threads'],
    ['a word broken off', 'schemaFilter', 'schemaFilterPattern'],
    ['a word gone on with', 'threadsCount', 'threads'],
    ['one slip in a short word', 'typ', 'type'],
    ['two slips in a short word', 'tzpf', undefined],
    ['the same ending of another word', 'topicFilterPattern', undefined],
    ['nothing alike', 'ownerConfig', undefined],
    ['an empty word', '', undefined],
    ['a word of great length', 'x'.repeat(1_000_000), undefined],
  ])('is found in spite of %s', (_, word, expected) => {
    expect(nearest(word, KEYS)).toBe(expected);
  });

  it('is the first of those that are equally near', () => {
    expect(nearest('ac', ['ab', 'ad'])).toBe('ab');
  });
});
