import { describe, expect, test } from 'vitest';
import type { AirflowErrorKind } from './airflowError.ts';
import { textMeaning } from './pluginTexts.ts';

const clientFailed =
  'Failed to generate workflow [x] verify config is correct: Failed to initialize the OpenMetadata client due to: ';

const rows: readonly [text: string, kind: AirflowErrorKind][] = [
  [
    `${clientFailed}Server version is 0.9.9 vs. Client version 1.10.2.0. Major and minor versions should match.`,
    'versionMismatch',
  ],
  [
    `${clientFailed}Server version is 0.9.9 vs. Client version 1.3.3.0. Both should match.`,
    'versionMismatch',
  ],
  ['Major and minor versions should match', 'versionMismatch'],
  [`${clientFailed}Cannot Find Version at api/v1/system/version`, 'openMetadataUnreachable'],
  [
    `${clientFailed}HTTPConnectionPool(host='om', port=8585): Max retries exceeded`,
    'openMetadataUnreachable',
  ],
  [`${clientFailed}[Errno 111] Connection refused`, 'openMetadataUnreachable'],
  [`${clientFailed}Name or service not known`, 'openMetadataUnreachable'],
  [`${clientFailed}timed out`, 'openMetadataUnreachable'],
  [`${clientFailed}[SSL: CERTIFICATE_VERIFY_FAILED]`, 'openMetadataUnreachable'],
  [`${clientFailed}SSLError(1)`, 'openMetadataUnreachable'],
  [
    'verify config is correct: Could not get service from type databaseService. Validate your ingestion-bot authentication.',
    'serviceNotFound',
  ],
  ["JWT Token keyID doesn't match the configured keyID", 'tokenRejected'],
  ['Expired token!', 'tokenRejected'],
  ['verify config is correct: Not Authorized! Token not present', 'tokenRejected'],
  ['HTTP 401', 'tokenRejected'],
  ['verify config is correct: databaseServices instance for nosuch not found', 'serviceNotFound'],
  ['verify config is correct: Invalid Service Type: fooService', 'invalidPayload'],
  [
    "We encountered an error parsing the configuration of your Mysql.\nExtra parameter 'foo'",
    'invalidServiceConnection',
  ],
  ["Extra parameter 'includeViewz'", 'invalidPayload'],
  ["Missing parameter 'operations'", 'invalidPayload'],
  ["Invalid parameter value for 'includeViews'", 'invalidPayload'],
  ['Invalid parameter value for  ', 'invalidPayload'],
  ['Missing type in the serviceConnection config', 'invalidPayload'],
  ['Missing type in the sourceConfig config', 'invalidPayload'],
  ['Uncaught error when parsing the Ingestion Pipeline!', 'invalidPayload'],
  ['Request Validation Error parsing payload. IngestionPipeline expected: …', 'invalidPayload'],
  ["'NoneType' object has no attribute 'model'", 'invalidPayload'],
  ["'NoneType' object has no attribute 'secretsManagerProvider'", 'invalidPayload'],
  ["'NoneType' object has no attribute 'type'", 'invalidPayload'],
  ["'NoneType' object has no attribute 'root'", 'invalidPayload'],
  ["'NoneType' object has no attribute '__root__'", 'invalidPayload'],
  [`${clientFailed}'NoneType' object has no attribute 'jwtToken'`, 'invalidPayload'],
  ["No module named 'presidio_analyzer'", 'pluginDependencyMissing'],
  ["[Errno 30] Read-only file system: '/x'", 'configsDirectoryReadOnly'],
  ["[Errno 13] Permission denied: '/x'", 'configsDirectoryReadOnly'],
  ['[Errno 28] No space left on device', 'configsDirectoryReadOnly'],
  ["[Errno 2] No such file or directory: '/x'", 'configsDirectoryReadOnly'],
  ["[Errno 17] File exists: '/x'", 'configsDirectoryReadOnly'],
  ["[Errno 20] Not a directory: '/x'", 'configsDirectoryReadOnly'],
  ['Cannot open config file /x', 'dagBuildFailed'],
  ['Workflow [x] failed to refresh due to [x]', 'dagBuildFailed'],
  ['Failed to generate workflow [x] verify config is correct: something else', 'dagBuildFailed'],
  ['Workflow [x] has filed to trigger due to [Dag id x not found in DagModel] ', 'dagNotFound'],
  ['Workflow [x] has filed to trigger due to [Dag id x not found] ', 'dagNotFound'],
];

describe('a text of the plugin', () => {
  test.each(rows)('%s means %s', (text, kind) => {
    expect(textMeaning(text)?.kind).toBe(kind);
  });

  test('that is unknown means nothing', () => {
    expect(textMeaning('An unexpected problem occurred')).toBeUndefined();
  });
});

describe('what is taken over from a text', () => {
  test('are both versions', () => {
    const reason = textMeaning(rows[0]?.[0] ?? '')?.reason;

    expect(reason).toContain('OpenMetadata is 0.9.9 ');
    expect(reason).toContain('in Airflow is 1.10.2.0.');
  });

  test('is the missing module', () => {
    expect(textMeaning("No module named 'presidio_analyzer'")?.reason).toContain('presidio_analyzer');
  });

  test.each([
    [
      "includeViews\n  Input should be a valid boolean [type=bool_parsing, input_value='s3cret', input_type=str]",
      '(includeViews: bool_parsing)',
    ],
    [
      'includeViewz\n  extra fields not permitted (type=value_error.extra)',
      '(includeViewz: value_error.extra)',
    ],
    [
      'airflowConfig -> retries\n  value is not a valid integer (type=type_error.integer)',
      '(airflowConfig -> retries: type_error.integer)',
    ],
  ])('are the places that pydantic names, without the values: %j', (detail, expected) => {
    const text = `Request Validation Error parsing payload. IngestionPipeline expected: 1 validation error for X\n${detail}`;

    const reason = textMeaning(text)?.reason;

    expect(reason).toContain(expected);
    expect(reason).not.toContain('s3cret');
  });

  test('is the place in the variant that fits best, where a part of the document may have several forms', () => {
    const reason = textMeaning(
      [
        'Request Validation Error parsing payload. IngestionPipeline expected: 4 validation errors for DbtPipeline',
        'dbtConfigSource.function-after[parse_name(), DbtCloudConfig].dbtConfigType',
        "  Input should be 'cloud' [type=enum, input_value='s3', input_type=str]",
        'dbtConfigSource.function-after[parse_name(), DbtCloudConfig].dbtCloudAuthToken',
        '  Field required [type=missing, input_value={}, input_type=dict]',
        'dbtConfigSource.function-after[parse_name(), DbtS3Config].dbtSecurityConfig.endPointURL',
        "  Input should be a valid URL [type=url_parsing, input_value='s3cret', input_type=str]",
        'dbtConfigSource.function-after[parse_name(), DbtGcsConfig].dbtConfigType',
        "  Input should be 'gcs' [type=enum, input_value='s3', input_type=str]",
        'dbtConfigSource.function-after[parse_name(), DbtGcsConfig].dbtSecurityConfig.gcpConfig',
        "  Field required [type=missing, input_value={'endPointURL': 's3cret'}, input_type=dict]",
      ].join('\n'),
    )?.reason;

    expect(reason).toContain('document (dbtConfigSource.dbtSecurityConfig.endPointURL: url_parsing). ');
  });

  test('is the same where newer plugins put it into words of their own', () => {
    const reason = textMeaning(
      [
        "Extra parameter in ('dbtConfigSource', 'function-after[parse_name(), DbtCloudConfig]', 'dbtPrefixConfig')",
        "Missing parameter in ('dbtConfigSource', 'function-after[parse_name(), DbtCloudConfig]', 'dbtCloudUrl')",
        "Invalid parameter value for ('dbtConfigSource', 'function-after[parse_name(), DbtS3Config]', 'roles', 0)",
      ].join('\t + '),
    )?.reason;

    expect(reason).toContain(' not valid (dbtConfigSource.roles.0: invalid).');
  });

  test.each([
    "Extra parameter in ('a', 'b; drop')",
    "Extra parameter 'a b; drop'",
    "No module named 'x y'",
    'Server version is <b> vs. Client version <b>',
  ])('is nothing of another grammar: %s', (text) => {
    expect(textMeaning(text)?.reason ?? '').not.toMatch(/drop|x y|<b>/);
  });
});
