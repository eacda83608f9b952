import { describe, expect, it } from 'vitest';
import { versionSpan } from './versionSpan.ts';

const ALL = ['1.3', '1.4', '1.5', '1.6', '1.7'];

describe('when something is known', () => {
  it.each([
    ['no version', [], '1.5', undefined],
    ['only the present one', ['1.5'], '1.5', undefined],
    ['all later ones', ['1.6', '1.7'], '1.5', 'only since 1.6'],
    ['the newest one', ['1.7'], '1.5', 'only since 1.7'],
    ['all earlier ones', ['1.3', '1.4'], '1.5', 'only up to 1.4'],
    ['the oldest one', ['1.3'], '1.5', 'only up to 1.3'],
    ['one in the past', ['1.4'], '1.6', 'only in 1.4'],
    ['some in the past', ['1.4', '1.5'], '1.7', 'only in 1.4 to 1.5'],
    ['one that came and went later', ['1.5'], '1.3', 'only in 1.5'],
    ['some that came and went later', ['1.5', '1.6'], '1.3', 'only in 1.5 to 1.6'],
    ['all but the present one', ['1.3', '1.4', '1.6', '1.7'], '1.5', 'only up to 1.4, and only since 1.6'],
  ])('is told for %s', (_, knowing, present, expected) => {
    expect(versionSpan(knowing, present, ALL)).toBe(expected);
  });
});
