import { expect, test } from 'vitest';
import { retryAfterMilliseconds } from './retryAfter.ts';

const now = Date.parse('2026-11-23T06:00:00Z');

test.each([
  ['120', 120_000],
  ['Mon, 23 Nov 2026 06:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 05:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %s is %s ms', (header, expected) => {
  expect(retryAfterMilliseconds(header, now)).toBe(expected);
});
