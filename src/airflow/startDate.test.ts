import { expect, test } from 'vitest';
import { untilStartDate } from './startDate.ts';

function dagParsedAt(lastParsedTime: string | null): unknown {
  return { dag_id: 'x', last_parsed_time: lastParsedTime };
}

const second = Date.parse('2026-11-23T07:52:17Z');

test.each([
  ['parsed in this very second', '2026-11-23T07:52:17.450Z', second, 560],
  ['parsed at its end', '2026-11-23T07:52:17.999Z', second, 11],
  ['parsed in the second before', '2026-11-23T07:52:16.900Z', second, 0],
  ['parsed at the whole second', '2026-11-23T07:52:17.000Z', second, 0],
  ['parsed in a future that clocks cannot agree on', '2026-11-23T08:52:17.001Z', second, 1_000],
  ['never parsed', null, second, 0],
  ['read from a server that tells no time', '2026-11-23T07:52:17.450Z', undefined, 0],
])('a DAG that was %s', (_, parsed, at, expected) => {
  expect(untilStartDate({ value: dagParsedAt(parsed), at })).toBe(expected);
});

test('a DAG that cannot be read is not waited for', () => {
  expect(untilStartDate(undefined)).toBe(0);
  expect(untilStartDate({ value: undefined, at: second })).toBe(0);
});
