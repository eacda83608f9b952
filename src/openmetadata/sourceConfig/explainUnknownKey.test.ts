import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../domain/json.ts';
import { toldOf } from './testing/report.ts';

describe('a key that is unknown', () => {
  it.each<[situation: string, version: string, type: string, config: JsonValue, told: string]>([
    [
      'misspelt',
      '1.10',
      'DatabaseMetadata',
      { tableFilterPatern: {} },
      '/config/tableFilterPatern: unknown key, did you mean tableFilterPattern?',
    ],
    [
      'misspelt further down',
      '1.10',
      'DatabaseMetadata',
      { tableFilterPattern: { exclude: [] } },
      '/config/tableFilterPattern/exclude: unknown key, did you mean excludes?',
    ],
    [
      'of a later version',
      '1.10',
      'DatabaseMetadata',
      { ownerConfig: {} },
      '/config/ownerConfig: unknown key, known only since 1.11',
    ],
    [
      'of an earlier version, and moved',
      '1.13',
      'Profiler',
      { profileSample: 10 },
      '/config/profileSample: unknown key, known only up to 1.12, it belongs at /config/profileSampleConfig/config/profileSample',
    ],
    [
      'of an earlier version, and another type has it now',
      '1.6',
      'Profiler',
      { confidence: 80 },
      '/config/confidence: unknown key, known only up to 1.5, it is an option of AutoClassification',
    ],
    [
      'one level too high',
      '1.10',
      'DBT',
      { dbtConfigSource: { dbtConfigType: 's3', awsRegion: 'x', dbtSecurityConfig: { awsRegion: 'x' } } },
      '/config/dbtConfigSource/awsRegion: unknown key, it belongs at /config/dbtConfigSource/dbtSecurityConfig/awsRegion',
    ],
    [
      'of another variant',
      '1.10',
      'DBT',
      { dbtConfigSource: { dbtConfigType: 'local', dbtManifestFilePath: '/x', dbtSecurityConfig: {} } },
      '/config/dbtConfigSource/dbtSecurityConfig: unknown key, it goes with dbtConfigType s3, dbtConfigType gcs or dbtConfigType azure',
    ],
    [
      'of no version, place or type',
      '1.10',
      'MessagingMetadata',
      { speed: 'high' },
      '/config/speed: unknown key, known here: generateSampleData, markDeletedTopics, overrideMetadata, topicFilterPattern or type',
    ],
    [
      'where OpenMetadata ignores it',
      '1.10',
      'DashboardMetadata',
      { lineageInformation: { dbServiceNames: ['x'] } },
      '/config/lineageInformation/dbServiceNames: unknown key, which OpenMetadata ignores, known only in 1.4 to 1.7',
    ],
    [
      'that every object of JavaScript has',
      '1.10',
      'dataInsight',
      { constructor: 1 },
      '/config/constructor: unknown key, known here: type',
    ],
    [
      'with characters that a pointer escapes',
      '1.10',
      'dataInsight',
      { 'a/b~c': 1 },
      '/config/a~1b~0c: unknown key, known here: type',
    ],
  ])('is told about: %s', async (_, version, type, config, told) => {
    expect(await toldOf({ version, type, config })).toBe(told);
  });

  it('is told about: for another type of service', async () => {
    const config = { tableFilterPattern: {} };

    expect(
      await toldOf({ version: '2.0', type: 'AutoClassification', service: 'messagingService', config }),
    ).toBe('/config/tableFilterPattern: unknown key, it is for a databaseService');
  });
});
