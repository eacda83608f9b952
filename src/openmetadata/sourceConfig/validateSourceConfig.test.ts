import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../domain/json.ts';
import { PlaceholderValue } from '../../domain/placeholderValue.ts';
import { SecretValue } from '../../domain/secretValue.ts';
import { describeFindings, type Finding } from './finding.ts';
import { reportOn, toldOf, type Question } from './testing/report.ts';

describe('a source configuration that fits', () => {
  it.each<[situation: string, type: string, config: JsonValue]>([
    ['nothing but the type', 'DatabaseMetadata', { type: 'DatabaseMetadata' }],
    ['nothing at all', 'DatabaseMetadata', {}],
    ['a required type left out', 'dataInsight', {}],
    ['nulls for what is not set', 'Profiler', { profileSample: null, threadCount: null, speed: null }],
    [
      'a secret where text is wanted',
      'DBT',
      s3({ awsRegion: 'x', awsSecretAccessKey: new SecretValue('x') }),
    ],
    ['a secret where an address is wanted', 'DBT', s3({ awsRegion: 'x', endPointURL: new SecretValue('x') })],
    ['a secret for one of a few texts', 'Profiler', { samplingMethodType: new SecretValue('x') }],
    ['a placeholder where text is wanted', 'DBT', s3({ awsRegion: new PlaceholderValue('AWS_REGION') })],
    ['any options of an application', 'Application', { appConfig: { type: 'Own', deeply: [{ nested: 1 }] } }],
    [
      'any connections of a test suite',
      'TestSuite',
      { serviceConnections: [{ serviceName: 'x', anything: {} }] },
    ],
  ])('has no findings: %s', async (_, type, config) => {
    expect(await reportOn({ version: '1.10', type, config })).toEqual({ findings: [], checkedWith: '1.10' });
  });
});

describe('a type', () => {
  it.each<[situation: string, question: Omit<Question, 'config'>, told: string]>([
    [
      'not yet known',
      { version: '1.5', type: 'AutoClassification' },
      'OpenMetadata 1.5 does not know the type AutoClassification, known only since 1.6',
    ],
    [
      'of a much later version',
      { version: '1.3', type: 'PolicyAgent' },
      'OpenMetadata 1.3 does not know the type PolicyAgent, known only since 2.0',
    ],
    [
      'misspelt',
      { version: '1.10', type: 'DatabaseMetadta' },
      'OpenMetadata 1.10 does not know the type DatabaseMetadta, did you mean DatabaseMetadata?',
    ],
    [
      'for other services only',
      { version: '2.0', type: 'AutoClassification', service: 'pipelineService' },
      'AutoClassification is not for a pipelineService, use it with a databaseService, messagingService or storageService',
    ],
  ])('is told about: %s', async (_, question, told) => {
    expect(await toldOf({ ...question, config: {} })).toBe(`/config/type: ${told}`);
  });

  it('that no version knows is told about with all that this one knows', async () => {
    expect(await toldOf({ version: '1.3', type: 'constructor', config: {} })).toMatch(
      /does not know the type constructor, use Application, DBT, .*, TestSuite or dataInsight$/,
    );
  });

  it('has the form for its type of service', async () => {
    const question = { version: '2.0', type: 'AutoClassification', config: { bucketFilterPattern: {} } };

    expect(await toldOf({ ...question, service: 'storageService' })).toBe('');
    expect(await toldOf(question)).toBe(
      '/config/bucketFilterPattern: unknown key, it is for a storageService',
    );
  });
});

describe('a version', () => {
  it.each([
    [
      'older than all that are known',
      '1.1',
      '1.3',
      'this operator knows OpenMetadata 1.3 to 2.0, not 1.1; 1.3 was taken instead',
    ],
    [
      'newer than all that are known',
      '3.1',
      '2.0',
      'this operator knows OpenMetadata 1.3 to 2.0, not 3.1; 2.0 was taken instead',
    ],
    [
      'between two that are known',
      '1.99',
      '1.13',
      'this operator knows OpenMetadata 1.3 to 2.0, not 1.99; 1.13 was taken instead',
    ],
    ['known', '1.13', '1.13', undefined],
  ])('that is %s is answered for', async (_, version, checkedWith, note) => {
    expect(await reportOn({ version, type: 'Profiler', config: {} })).toEqual({
      findings: [],
      checkedWith,
      note,
    });
  });

  it.each<[situation: string, version: string, config: JsonValue, severity: Finding['severity']]>([
    ['a key like none', '2.7', { speed: 1 }, 'warning'],
    ['a misspelt key', '2.7', { threadCont: 1 }, 'error'],
    ['a key of older versions', '2.7', { profileSample: 1 }, 'error'],
    ['a wrong kind of value', '2.7', { threadCount: 'two' }, 'error'],
    ['a value like none', '2.7', { metrics: ['speed'] }, 'warning'],
    ['a misspelt value', '2.7', { metrics: ['meen'] }, 'error'],
    ['a key like none', '2.0', { speed: 1 }, 'error'],
    ['a key like none', '1.1', { speed: 1 }, 'error'],
  ])('that is newer may know more: %s in %s', async (_, version, config, severity) => {
    const { findings } = await reportOn({ version, type: 'Profiler', config });

    expect(findings.map((finding) => finding.severity)).toEqual([severity]);
  });

  it('that is newer may know more: a type', async () => {
    const { findings } = await reportOn({ version: '2.7', type: 'Quantum', config: {} });

    expect(findings).toMatchObject([{ kind: 'unknownType', severity: 'warning' }]);
  });
});

describe('findings', () => {
  it('are told errors first, and not more than a condition can hold', async () => {
    const config = { lineageInformation: { speed: 1 }, a1: 1, b2: 1, c3: 1, d4: 1, e5: 1, f6: 1 };
    const { findings } = await reportOn({ version: '1.10', type: 'DashboardMetadata', config });

    expect(describeFindings(findings)).toMatch(/^\/config\/a1: .*; \/config\/e5: .*; and 2 more$/);
  });

  it('tell nothing of a secret', async () => {
    const secret = new SecretValue('hunter2');
    const config = { resultLimit: secret, hunter: secret, filterCondition: [secret] };

    expect(await toldOf({ version: '1.10', type: 'DatabaseUsage', config })).not.toContain('hunter2');
  });
});

function s3(credentials: JsonValue): JsonValue {
  return { dbtConfigSource: { dbtConfigType: 's3', dbtSecurityConfig: credentials } };
}
