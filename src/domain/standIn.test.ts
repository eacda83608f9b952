import { expect, it } from 'vitest';
import { buildErrorOf } from './standIn.ts';

it.each([
  [
    'Cannot be built: ConnectionError: no answer [ingestion.open-metadata.org failed]',
    'ConnectionError: no answer',
  ],
  ['Cannot be built:  [ingestion.open-metadata.org failed]', ''],
  ['Orders [ingestion.open-metadata.org default/team-a/orders 0123456789ab]', undefined],
  ['Cannot be built: but described so by a person', undefined],
  ['Cannot be built: x [ingestion.open-metadata.org failed] and more', undefined],
  ['', undefined],
])('the description "%s" tells the reason %s', (description, reason) => {
  expect(buildErrorOf(description)).toBe(reason);
});
