import { expect, test } from 'vitest';
import { createLookTimes } from './lookTimes.ts';

test('a look is due at first, for another subject, after its time, and once it is forgotten', () => {
  const looks = createLookTimes();
  expect(looks.isDue('a', 'x', 0, 100)).toBe(true);

  looks.note('a', 'x', 0);
  expect(looks.isDue('a', 'x', 99, 100)).toBe(false);
  expect(looks.isDue('a', 'x', 100, 100)).toBe(true);
  expect(looks.isDue('a', 'y', 1, 100)).toBe(true);
  expect(looks.isDue('b', 'x', 1, 100)).toBe(true);

  looks.forget('a');
  expect(looks.isDue('a', 'x', 1, 100)).toBe(true);
});
