import { expect, test } from 'vitest';

import { clientConditionTypes, pipelineConditionTypes } from './conditionTypes.ts';
import { reasons } from './reasons.ts';

test.each([
  ['reasons', reasons],
  ['conditions of a pipeline', pipelineConditionTypes],
  ['conditions of a client', clientConditionTypes],
])('%s are single words, each named once', (_name, list) => {
  expect(list.filter((word) => !/^[A-Z][A-Za-z]+$/.test(word))).toEqual([]);
  expect(new Set(list).size).toBe(list.length);
});
