import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../http/httpClient.ts';
import type { AirflowErrorKind } from './airflowError.ts';
import { type AnsweredCall, classifyAnswer } from './classify.ts';
import type { Verb } from './verbs.ts';

function answer(status: number, body = '', headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, body, header: (name) => headers[name], setCookies: [] };
}

function call(verb: Verb, api: AnsweredCall['api'] = 'plugin', readOnly = false): AnsweredCall {
  return { verb, api, readOnly, root: 'http://airflow:8080' };
}

const opaque = JSON.stringify({ error: 'An unexpected problem occurred' });

interface Row {
  readonly situation: string;
  readonly given: HttpAnswer;
  readonly verb: Verb;
  readonly api?: AnsweredCall['api'];
  readonly readOnly?: boolean;
  readonly kind: AirflowErrorKind;
}

const rows: readonly Row[] = [
  { situation: '401', given: answer(401), verb: 'deploy', kind: 'invalidCredentials' },
  { situation: '403', given: answer(403), verb: 'deploy', kind: 'permissionDenied' },
  { situation: '429', given: answer(429), verb: 'deploy', kind: 'throttled' },
  { situation: 'an opaque 500', given: answer(500, opaque), verb: 'deploy', kind: 'serverError' },
  {
    situation: 'an error in an object',
    given: answer(500, JSON.stringify({ error: { message: 'failed to refresh due to [x]' } })),
    verb: 'deploy',
    kind: 'dagBuildFailed',
  },
  {
    situation: 'an unknown DAG',
    given: answer(404, JSON.stringify({ error: 'DAG x not found.' })),
    verb: 'enable',
    kind: 'dagNotFound',
  },
  {
    situation: 'the 404 of an Airflow 3 without the plugin',
    given: answer(404, JSON.stringify({ error: 'API route not found' })),
    verb: 'enable',
    kind: 'managedApisNotFound',
  },
  {
    situation: 'the 404 of an Airflow 2 without the plugin',
    given: answer(404, JSON.stringify({ title: 'Not Found', status: 404, detail: null })),
    verb: 'enable',
    kind: 'managedApisNotFound',
  },
  {
    situation: 'a page with 200',
    given: answer(200, '<html>'),
    verb: 'recentRuns',
    kind: 'managedApisNotFound',
  },
  ...[
    'The plain HTTP request was sent to HTTPS port',
    'Client sent an HTTP request to an HTTPS server.',
    "Reason: You're speaking plain HTTP to an SSL-enabled server port.",
  ].map((text): Row => {
    const given = answer(400, text);
    return { situation: `"${text}"`, given, verb: 'probe', readOnly: true, kind: 'tlsMismatch' };
  }),
  { situation: 'a redirect', given: answer(302, ''), verb: 'enable', kind: 'managedApisNotFound' },
  {
    situation: 'CSRF refused',
    given: answer(400, '<p>The CSRF session token is missing.</p>'),
    verb: 'enable',
    kind: 'unexpectedAnswer',
  },
  {
    situation: 'a document that is no JSON',
    given: answer(400, '<html>'),
    verb: 'deploy',
    kind: 'invalidPayload',
  },
  {
    situation: 'a document too large for a proxy',
    given: answer(413, '<html>'),
    verb: 'deploy',
    kind: 'invalidPayload',
  },
  {
    situation: 'an unknown 400 of the plugin',
    given: answer(400, JSON.stringify({ error: 'something' })),
    verb: 'deploy',
    kind: 'invalidPayload',
  },
  {
    situation: 'an unknown 400 of the plugin to another call',
    given: answer(400, JSON.stringify({ error: 'something' })),
    verb: 'lastLog',
    kind: 'unexpectedAnswer',
  },
  { situation: 'a page with 500', given: answer(500, '<html>'), verb: 'enable', kind: 'serverError' },
  { situation: '503 of a proxy', given: answer(503, '<html>'), verb: 'deploy', kind: 'serverError' },
  {
    situation: '504 of a proxy to a change',
    given: answer(504, '<html>'),
    verb: 'deploy',
    kind: 'unknownOutcome',
  },
  {
    situation: '502 of a proxy to a change',
    given: answer(502, '<html>'),
    verb: 'trigger',
    kind: 'unknownOutcome',
  },
  {
    situation: '504 of a proxy to a read',
    given: answer(504),
    verb: 'recentRuns',
    readOnly: true,
    kind: 'serverError',
  },
  {
    situation: 'no core API',
    given: answer(404, '<html>'),
    verb: 'listDags',
    api: 'core',
    kind: 'coreApiUnavailable',
  },
  {
    situation: 'a page for the core API',
    given: answer(200, '<html>'),
    verb: 'listDags',
    api: 'core',
    kind: 'coreApiUnavailable',
  },
  {
    situation: 'a query refused',
    given: answer(422, '{}'),
    verb: 'listRuns',
    api: 'core',
    kind: 'unexpectedAnswer',
  },
  {
    situation: 'rows that are in use',
    given: answer(409, '{}'),
    verb: 'remove',
    api: 'core',
    kind: 'serverError',
  },
  {
    situation: 'a core API in trouble',
    given: answer(500, '{}'),
    verb: 'listRuns',
    api: 'core',
    kind: 'serverError',
  },
  {
    situation: 'no token endpoint',
    given: answer(404, '{}'),
    verb: 'listDags',
    api: 'token',
    kind: 'coreApiUnavailable',
  },
  {
    situation: 'a token refused',
    given: answer(401, '{}'),
    verb: 'listDags',
    api: 'token',
    kind: 'invalidCredentials',
  },
];

describe('an answer', () => {
  test.each(rows)('$situation is $kind', ({ given, verb, api, readOnly, kind }) => {
    const error = classifyAnswer(given, call(verb, api, readOnly ?? false));

    expect(error).toMatchObject({ kind, status: given.status });
    expect(error.message).toMatch(/^Airflow at http:\/\/airflow:8080 could not .+: .+\.$/s);
  });

  test.each([
    ['deploy', 'can_create on DAGs'],
    ['enable', 'can_edit on DAGs'],
    ['remove', 'can_delete on DAGs'],
    ['recentRuns', 'can_read on DAGs'],
  ] as const)('403 to %s names the permission %s', (verb, permission) => {
    expect(classifyAnswer(answer(403), call(verb)).message).toContain(permission);
  });

  test('carries how long Airflow asked to wait', () => {
    const error = classifyAnswer(answer(503, '', { 'retry-after': '7' }), call('listDags', 'core', true));

    expect(error.retryAfter).toBe(7_000);
  });
});
