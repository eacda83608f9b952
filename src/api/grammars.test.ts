import { expect, test } from 'vitest';

import { CRON_SCHEDULE } from './cronSchedule.ts';
import type { Grammar } from './fields.ts';
import {
  DATA_KEY,
  ENVIRONMENT_VARIABLE,
  HTTP_ENDPOINT,
  NAMESPACE_NAME,
  OBJECT_NAME,
  OPENMETADATA_ENDPOINT,
  PIPELINE_NAME,
} from './grammars.ts';

interface Row {
  readonly grammar: Grammar;
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
}

const table: Readonly<Record<string, Row>> = {
  'a schedule': {
    grammar: CRON_SCHEDULE,
    accepted: [
      '0 3 * * *',
      '*/15 * * * *',
      '0/15 * * * *',
      '0,30 8-18/2 1,15 JAN-mar mon-FRI',
      '59 23 31 12 7',
      '0 3 L * *',
      '0 3 * * 5#2',
      '0  3 * * *',
      '@daily',
      '@once',
      '@quarterly',
    ],
    refused: [
      '',
      '0 3 * *',
      '0 0 3 * * *',
      '60 3 * * *',
      '0 24 * * *',
      '0 3 0 * *',
      '0 3 32 * *',
      '0 3 * 13 *',
      '0 3 * * 8',
      '0 3 * * 5#6',
      '0 3 * * FRIDAY',
      '*/0 * * * *',
      '@reboot',
      '@none',
      '@Daily',
      ' 0 3 * * *',
      '0 3 * * *\n',
      'None',
      'every day',
    ],
  },
  'a name of a pipeline': {
    grammar: PIPELINE_NAME,
    accepted: ['a', 'Orders-metadata_2', 'team-a_orders'],
    refused: ['', '_a', 'a_', '-a', 'a-', 'a.b', 'a b', 'a/b', 'ä', '../a', 'a\n'],
  },
  'a name of a namespace': {
    grammar: NAMESPACE_NAME,
    accepted: ['a', 'team-a', '0'],
    refused: ['', 'Team', 'a.b', '-a', 'a-', 'a_b'],
  },
  'a name of an object': {
    grammar: OBJECT_NAME,
    accepted: ['a', 'ca.crt', 'airflow-secrets'],
    refused: ['', 'A', 'a..b', '.a', 'a.', 'a/b', 'a_b'],
  },
  'a key of a Secret': {
    grammar: DATA_KEY,
    accepted: ['token', 'tls.crt', '_A-1'],
    refused: ['', 'a/b', 'a b', 'ä'],
  },
  'an environment variable': {
    grammar: ENVIRONMENT_VARIABLE,
    accepted: ['OM_JWT', '_a1'],
    refused: ['', '1A', 'A-B', '$A', '${A}'],
  },
  'an endpoint of Airflow': {
    grammar: HTTP_ENDPOINT,
    accepted: [
      'http://airflow:8080',
      'https://airflow.example.org/prefix/',
      'http://[::1]:8080',
      'http://10.0.0.1',
    ],
    refused: [
      '',
      'airflow:8080',
      'ftp://airflow',
      'http://',
      'http:///path',
      'http://user:secret@airflow',
      'http://airflow?x=1',
      'http://airflow#x',
      'http://air flow',
      'HTTP//airflow',
    ],
  },
  'an endpoint of OpenMetadata': {
    grammar: OPENMETADATA_ENDPOINT,
    accepted: ['http://openmetadata:8585/api', 'https://om.example.org/prefix/api'],
    refused: [
      '',
      'http://openmetadata:8585',
      'http://openmetadata:8585/api/',
      'http://openmetadata:8585/api/v1',
      'http://openmetadata:8585/myapi',
      'openmetadata:8585/api',
    ],
  },
};

test.each(Object.entries(table))('%s is told from what is none', (_name, { grammar, accepted, refused }) => {
  const { pattern } = grammar;

  expect(accepted.filter((text) => !pattern.test(text))).toEqual([]);
  expect(refused.filter((text) => pattern.test(text))).toEqual([]);
});

test.each(Object.entries(table))('%s has a pattern that a raw text of CEL can hold', (_name, { grammar }) => {
  expect(grammar.pattern.flags).toBe('');
  expect(grammar.pattern.source).not.toContain("'");
});
