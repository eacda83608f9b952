import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { SecretValue } from '../../domain/secretValue.ts';
import { toldOf } from './testing/report.ts';

const CLOUD = '/config/dbtConfigSource';
const FILTER = '/config/tableFilterPattern/includes';

function dbtCloud(changes: JsonObject): JsonValue {
  const account = { dbtCloudAccountId: '1', dbtCloudAuthToken: 'x', dbtCloudUrl: 'https://example.com' };
  return { dbtConfigSource: { dbtConfigType: 'cloud', ...account, ...changes } };
}

function filter(includes: JsonValue): JsonValue {
  return { tableFilterPattern: { includes } };
}

describe('a value', () => {
  it.each<[situation: string, type: string, config: JsonValue, told: string]>([
    [
      'a number in quotes',
      'DatabaseUsage',
      { resultLimit: '10' },
      '/config/resultLimit: is text, write 10 without quotes',
    ],
    [
      'true in quotes',
      'DatabaseMetadata',
      { includeTags: 'True' },
      '/config/includeTags: is text, write true without quotes',
    ],
    [
      'yes for true',
      'DatabaseMetadata',
      { includeTags: 'yes' },
      '/config/includeTags: is text, give true or false',
    ],
    [
      '1 for true',
      'DatabaseMetadata',
      { includeTags: 1 },
      '/config/includeTags: is a number, give true or false',
    ],
    [
      'a number for text',
      'DBT',
      dbtCloud({ dbtCloudAccountId: 12 }),
      `${CLOUD}/dbtCloudAccountId: is a number, write "12", in quotes`,
    ],
    [
      'a number for a secret',
      'DBT',
      dbtCloud({ dbtCloudAuthToken: 4711 }),
      `${CLOUD}/dbtCloudAuthToken: is a number, write it in quotes`,
    ],
    [
      'a fraction for a whole number',
      'DatabaseUsage',
      { resultLimit: 1.5 },
      '/config/resultLimit: is a fraction, give a whole number',
    ],
    [
      'one text for a list',
      'DatabaseMetadata',
      filter('x'),
      `${FILTER}: is text, make it a list with this item`,
    ],
    ['an object for a list', 'DatabaseMetadata', filter({}), `${FILTER}: is an object, give a list of texts`],
    [
      'a list for an object',
      'DatabaseMetadata',
      { tableFilterPattern: ['x'] },
      '/config/tableFilterPattern: is a list, give an object with excludes or includes',
    ],
    ['null in a list', 'DatabaseMetadata', filter(['x', null]), `${FILTER}/1: is null, give text`],
    [
      'a secret for a number',
      'DatabaseUsage',
      { resultLimit: new SecretValue('10') },
      '/config/resultLimit: is text from a Secret, give a whole number',
    ],
    [
      'another case',
      'Profiler',
      { samplingMethodType: 'bernoulli' },
      '/config/samplingMethodType: "bernoulli" is not one of its values, did you mean "BERNOULLI"?',
    ],
    [
      'nothing alike',
      'Profiler',
      { samplingMethodType: 'half' },
      '/config/samplingMethodType: "half" is not one of its values, give BERNOULLI or SYSTEM',
    ],
    [
      'a long text where few are allowed',
      'Profiler',
      { samplingMethodType: 'x'.repeat(99) },
      `/config/samplingMethodType: "${'x'.repeat(40)}…" is not one of its values, give BERNOULLI or SYSTEM`,
    ],
    [
      'too small a number',
      'DatabaseLineage',
      { threads: 0 },
      '/config/threads: 0 is too small, give at least 1',
    ],
    [
      'too large a number',
      'DatabaseMetadata',
      { jsonSchemaSampleSize: 2000 },
      '/config/jsonSchemaSampleSize: 2000 is too large, give at most 1000',
    ],
    [
      'too long a text',
      'TestSuite',
      { entityFullyQualifiedName: 'x'.repeat(4000) },
      '/config/entityFullyQualifiedName: has 4000 characters, give at most 3072',
    ],
    [
      'too short a text',
      'TestSuite',
      { entityFullyQualifiedName: '' },
      '/config/entityFullyQualifiedName: has 0 characters, give at least 1',
    ],
    [
      'an address without its beginning',
      'DBT',
      dbtCloud({ dbtCloudUrl: 'cloud.getdbt.com' }),
      `${CLOUD}/dbtCloudUrl: is no address, give a complete one, such as https://host/path`,
    ],
    [
      'a missing key',
      'DatabaseMetadata',
      { incremental: {} },
      '/config/incremental/enabled: required key is missing, give true or false',
    ],
    [
      'null for a required key',
      'DatabaseMetadata',
      { incremental: { enabled: null } },
      '/config/incremental/enabled: required key is missing, give true or false',
    ],
    [
      'too short a list',
      'DatabaseMetadata',
      { ownerConfig: { table: { orders: [] } } },
      '/config/ownerConfig/table/orders: has 0 items, give at least 1',
    ],
    ['no object at all', 'dataInsight', 'x', '/config: is text, give an object with type'],
  ])('is told about: %s', async (_, type, config, told) => {
    expect(await toldOf({ version: '1.12', type, config })).toBe(told);
  });

  it('is told about: characters that must not be in it, and what is no id', async () => {
    const policy = { accessType: 'Revoke', databaseName: 'x', principal: 'a;b', requestedAccess: 'Read' };
    const config = { policies: [{ id: '1', config: policy }] };

    expect(await toldOf({ version: '2.0', type: 'PolicyAgent', config })).toBe(
      '/config/policies/0/id: is no UUID, give 32 hexadecimal digits; ' +
        `/config/policies/0/config/principal: holds characters that are not allowed, match ^[^;'" ]+$`,
    );
  });
});
