import { expect, test } from 'vitest';

import { MAX_SOURCE_CONFIG_BYTES, sourceConfigBytes } from './sourceConfigSize.ts';

test('the size counts bytes, not characters', () => {
  expect(sourceConfigBytes({ config: { a: 'ä' } })).toBe('{"config":{"a":".."}}'.length);
});

test('the size counts what is nested', () => {
  const config = { deep: [{ text: 'x'.repeat(MAX_SOURCE_CONFIG_BYTES) }] };

  expect(sourceConfigBytes({ config })).toBeGreaterThan(MAX_SOURCE_CONFIG_BYTES);
});
