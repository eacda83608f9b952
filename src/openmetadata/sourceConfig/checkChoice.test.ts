import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../domain/json.ts';
import { reportOn, toldOf } from './testing/report.ts';

const SOURCE = '/config/dbtConfigSource';
const STORAGE = '/config/storageMetadataConfigSource';
const bucket = { containerName: 'lake' };

describe('a choice between objects', () => {
  it.each<[situation: string, source: JsonValue, told: string]>([
    [
      'nothing',
      {},
      `${SOURCE}/dbtConfigType: required key is missing, give cloud, local, http, s3, gcs or azure`,
    ],
    [
      'keys of one variant',
      { dbtManifestFilePath: '/x' },
      `${SOURCE}/dbtConfigType: required key is missing, give local`,
    ],
    [
      'the telling key misspelt',
      { dbtConfigTyp: 'local' },
      `${SOURCE}/dbtConfigTyp: unknown key, did you mean dbtConfigType?`,
    ],
    [
      'a variant that does not exist',
      { dbtConfigType: 'ftp' },
      `${SOURCE}/dbtConfigType: "ftp" is not one of its values, give cloud, local, http, s3, gcs or azure`,
    ],
    [
      'a variant misspelt',
      { dbtConfigType: 'azur' },
      `${SOURCE}/dbtConfigType: "azur" is not one of its values, did you mean "azure"?`,
    ],
    [
      'a variant without what it needs',
      { dbtConfigType: 'http' },
      `${SOURCE}/dbtManifestHttpPath: required key is missing, give text`,
    ],
    [
      'null for the variant',
      { dbtConfigType: null },
      `${SOURCE}/dbtConfigType: required key is missing, give cloud, local, http, s3, gcs or azure`,
    ],
    [
      'a list for the variant',
      { dbtConfigType: ['s3'], dbtSecurityConfig: { awsRegion: 'x' } },
      `${SOURCE}/dbtConfigType: is a list, give s3`,
    ],
    ['no object', 's3', `${SOURCE}: is text, give an object`],
  ])('is measured by the variant that is named: %s', async (_, dbtConfigSource, told) => {
    expect(await toldOf({ version: '1.10', type: 'DBT', config: { dbtConfigSource } })).toBe(told);
  });

  it.each<[situation: string, source: JsonValue, told: string]>([
    ['nothing', {}, ''],
    ['a local file', { manifestFilePath: '/x' }, ''],
    ['a bucket of S3', { prefixConfig: bucket, securityConfig: { awsRegion: 'x' } }, ''],
    ['a container of Azure', { prefixConfig: bucket, securityConfig: { clientId: 'x' } }, ''],
    [
      'a slip inside S3',
      { prefixConfig: bucket, securityConfig: { awsRegion: 'x', awsSecretKey: 'x' } },
      `${STORAGE}/securityConfig/awsSecretKey: unknown key, known here: assumeRoleArn, assumeRoleSessionName, assumeRoleSourceIdentity, awsAccessKeyId, awsRegion, awsSecretAccessKey, awsSessionToken, endPointURL or profileName`,
    ],
    [
      'a slip in the key that tells',
      { prefixConfg: bucket },
      `${STORAGE}/prefixConfg: unknown key, did you mean prefixConfig?`,
    ],
    [
      'a wrong value',
      { manifestFilePath: 3 },
      `${STORAGE}/manifestFilePath: is a number, write "3", in quotes`,
    ],
    [
      'a wrong value inside Google',
      { prefixConfig: bucket, securityConfig: { gcpConfig: { type: 'service_acount' } } },
      `${STORAGE}/securityConfig/gcpConfig/type: "service_acount" is not one of its values, did you mean "service_account"?`,
    ],
  ])('is measured by the variant whose keys are there: %s', async (_, storageMetadataConfigSource, told) => {
    const question = { version: '1.10', type: 'StorageMetadata', service: 'storageService' } as const;

    expect(await toldOf({ ...question, config: { storageMetadataConfigSource } })).toBe(told);
  });

  it('is measured by the variant that takes it, however much of it that ignores', async () => {
    const ignored = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`speed${index}`, 1]));
    const securityConfig = { gcpConfig: { path: '/x', ...ignored } };
    const config = { storageMetadataConfigSource: { prefixConfig: bucket, securityConfig } };
    const { findings } = await reportOn({
      version: '1.10',
      type: 'StorageMetadata',
      service: 'storageService',
      config,
    });

    expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['warning']));
  });

  it.each<[situation: string, engine: JsonValue, told: string]>([
    ['native', { type: 'Native' }, ''],
    [
      'Spark without its address',
      { type: 'Spark' },
      '/config/processingEngine/remote: required key is missing, give text',
    ],
    [
      'another',
      { type: 'Flink' },
      '/config/processingEngine/type: "Flink" is not one of its values, give Native or Spark',
    ],
  ])('is measured by the engine: %s', async (_, processingEngine, told) => {
    expect(await toldOf({ version: '1.10', type: 'Profiler', config: { processingEngine } })).toBe(told);
  });

  it.each<[situation: string, owners: JsonValue, told: string]>([
    ['a text', 'team', ''],
    ['a list for each name', { orders: ['a', 'b'] }, ''],
    ['a number', 3, '/config/ownerConfig/table: is a number, write "3", in quotes'],
    ['a list', ['a'], '/config/ownerConfig/table: is a list, give text or an object'],
    [
      'a number for a name',
      { orders: 3 },
      '/config/ownerConfig/table/orders: is a number, write "3", in quotes',
    ],
  ])('is measured by the kind of value: %s', async (_, table, told) => {
    expect(
      await toldOf({ version: '2.0', type: 'DatabaseMetadata', config: { ownerConfig: { table } } }),
    ).toBe(told);
  });
});
