import { expect, test } from 'vitest';
import type { IngestionPipelineSpec } from '../api/ingestionPipeline.ts';
import { remarkOnEnvelope } from './envelope.ts';

const everything: IngestionPipelineSpec = {
  pipelineType: 'metadata',
  service: { type: 'databaseService', name: 'mysql_prod' },
  sourceConfig: { config: {} },
  owners: [
    { type: 'team', name: 'sales' },
    { type: 'user', name: 'jane' },
  ],
  domains: ['Sales', 'Finance'],
  tags: ['Tier.Tier1'],
  raiseOnError: false,
  enableStreamableLogs: false,
};

test.each([
  [
    1,
    3,
    'all but the first of spec.owners, spec.domains, spec.tags, spec.raiseOnError, spec.enableStreamableLogs',
  ],
  [1, 5, 'all but the first of spec.domains, spec.tags, spec.raiseOnError, spec.enableStreamableLogs'],
  [1, 7, 'all but the first of spec.domains, spec.tags, spec.enableStreamableLogs'],
  [1, 9, 'spec.tags, spec.enableStreamableLogs'],
  [1, 10, 'spec.tags'],
  [2, 0, 'spec.tags'],
])('managed APIs %i.%i are known not to take what they do not take', (major, minor, leftOut) => {
  expect(remarkOnEnvelope(everything, { major, minor })).toBe(
    `Left out, because the managed APIs ${major}.${minor} do not take it: ${leftOut}.`,
  );
});

test('there is nothing to say about one owner and one domain of a version that takes one of each', () => {
  const spec = { ...everything, tags: [], owners: everything.owners?.slice(0, 1), domains: ['Sales'] };

  expect(remarkOnEnvelope(spec, { major: 1, minor: 8 })).toContain('spec.enableStreamableLogs.');
  expect(remarkOnEnvelope({ ...spec, enableStreamableLogs: undefined }, { major: 1, minor: 8 })).toBe('');
});
