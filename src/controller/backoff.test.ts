import { expect, test } from 'vitest';

import { backoff } from './backoff.ts';

const table = {
  'the first failure waits a second': { failures: 1, random: 0, wanted: 1_000 },
  'each further one twice as long': { failures: 4, random: 0, wanted: 8_000 },
  'never longer than five minutes': { failures: 10, random: 0, wanted: 300_000 },
  'not even after a million failures': { failures: 1_000_000, random: 0, wanted: 300_000 },
  'jitter takes away up to a quarter': { failures: 1, random: 1, wanted: 750 },
  'no failure counts as one': { failures: 0, random: 0, wanted: 1_000 },
};

test.each(Object.entries(table))('%s', (_sentence, { failures, random, wanted }) => {
  expect(backoff(failures, () => random)).toBe(wanted);
});
