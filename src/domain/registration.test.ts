import { expect, test } from 'vitest';
import type { IngestionPipelineSpec } from '../api/ingestionPipeline.ts';
import type { JsonObject } from './json.ts';
import { readMark } from './mark.ts';
import { registrationOf, type Registration, type RegistrationInput } from './registration.ts';

const owner = { ownerId: 'default', namespace: 'team-a', name: 'orders' };

function registration(
  spec: Partial<IngestionPipelineSpec> = {},
  changes: Partial<RegistrationInput> = {},
): Registration {
  return registrationOf({
    owner,
    name: 'team-a_orders',
    spec: {
      pipelineType: 'metadata',
      service: { type: 'databaseService', name: 'mysql_prod' },
      sourceConfig: { config: {} },
      airflowConfig: { scheduleInterval: '0 3 * * *', workflowTimeout: 3600 },
      ...spec,
    },
    publicDocument: {
      description: 'with the mark of the configuration',
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
      airflowConfig: { pausePipeline: true, workflowTimeout: 1 },
      loggerLevel: 'INFO',
      openMetadataServerConnection: { hostPort: 'http://openmetadata:8585/api' },
    },
    references: { service: { id: '1', type: 'databaseService' }, owners: [], domains: [] },
    version: { major: 1, minor: 10 },
    ...changes,
  });
}

function markOf({ description }: JsonObject): ReturnType<typeof readMark> {
  return readMark(typeof description === 'string' ? description : '');
}

test('OpenMetadata is told what it shows, and nothing of how runs reach it', () => {
  const { request } = registration({ displayName: 'Orders', description: 'All orders.' });

  expect(request).toEqual({
    name: 'team-a_orders',
    displayName: 'Orders',
    description: expect.stringMatching(/^All orders\. \[ingestion\.open-metadata\.org .*\]$/),
    pipelineType: 'metadata',
    service: { id: '1', type: 'databaseService' },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
    airflowConfig: { scheduleInterval: '0 3 * * *', workflowTimeout: 3600 },
    loggerLevel: 'INFO',
    provider: 'automation',
  });
});

test('the mark names the pipeline and has the hash of what is shown', () => {
  const { request, hash } = registration();

  expect(markOf(request)).toEqual({ owner, hash: hash.slice(0, 12) });
});

test.each([
  ['its schedule', registration({ airflowConfig: { scheduleInterval: '0 4 * * *' } })],
  ['its description', registration({ description: 'Orders' })],
  [
    'the id of its service',
    registration(
      {},
      { references: { service: { id: '2', type: 'databaseService' }, owners: [], domains: [] } },
    ),
  ],
])('the hash is another one with another %s', (_, { hash }) => {
  expect(hash).not.toBe(registration().hash);
});

test.each([
  [1, 4, { owner: { id: 'u', type: 'user' } }],
  [1, 6, { owners: [{ id: 'u', type: 'user' }], domain: 'Sales' }],
  [1, 8, { owners: [{ id: 'u', type: 'user' }], domain: 'Sales', provider: 'automation' }],
  [2, 0, { owners: [{ id: 'u', type: 'user' }], domains: ['Sales'], provider: 'automation' }],
])('version %i.%i is told only what it knows', (major, minor, expected) => {
  const references = {
    service: { id: '1', type: 'databaseService' },
    owners: [{ id: 'u', type: 'user' }],
    domains: ['Sales'],
  };
  const { request } = registration({}, { version: { major, minor }, references });
  const names = ['owner', 'owners', 'domain', 'domains', 'provider'];

  expect(Object.fromEntries(Object.entries(request).filter(([name]) => names.includes(name)))).toEqual(
    expected,
  );
});
