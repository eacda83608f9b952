import { ApiException } from '@kubernetes/client-node';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';

import { isKubeError, KubeError, kindOfStatus, toKubeError } from './kubeError.ts';

const SECRET = 'planted-secret';

function withCode(code: string): Error {
  return Object.assign(new Error(SECRET), { code, body: SECRET, headers: { authorization: SECRET } });
}

const statuses: Record<string, { status: number; reason?: string; kind: string }> = {
  'gone from the API server': { status: 404, kind: 'notFound' },
  'somebody was quicker': { status: 409, reason: 'Conflict', kind: 'conflict' },
  'there already': { status: 409, reason: 'AlreadyExists', kind: 'alreadyExists' },
  'no permission': { status: 403, kind: 'forbidden' },
  'no credentials': { status: 401, kind: 'unauthorized' },
  'refused by validation': { status: 422, kind: 'invalid' },
  'a broken request': { status: 400, kind: 'invalid' },
  'too large': { status: 413, kind: 'invalid' },
  'too many requests': { status: 429, kind: 'throttled' },
  'a version that is gone': { status: 410, kind: 'expired' },
  'a server in trouble': { status: 500, kind: 'unavailable' },
  'a server that is starting': { status: 503, kind: 'unavailable' },
  'a server that gave up': { status: 504, kind: 'timeout' },
  'something else': { status: 418, kind: 'unexpected' },
};

test.each(Object.entries(statuses))('status: %s', (_sentence, { status, reason, kind }) => {
  expect(kindOfStatus(status, reason)).toBe(kind);
});

const thrown: Record<string, { error: unknown; kind: string; reason?: string }> = {
  'connection refused': { error: withCode('ECONNREFUSED'), kind: 'unavailable', reason: 'ECONNREFUSED' },
  'name not found': { error: withCode('ENOTFOUND'), kind: 'unavailable', reason: 'ENOTFOUND' },
  'certificate not trusted': {
    error: withCode('SELF_SIGNED_CERT_IN_CHAIN'),
    kind: 'unavailable',
    reason: 'SELF_SIGNED_CERT_IN_CHAIN',
  },
  'no connection in time': {
    error: withCode('UND_ERR_CONNECT_TIMEOUT'),
    kind: 'timeout',
    reason: 'UND_ERR_CONNECT_TIMEOUT',
  },
  'a fetch with the reason in its cause': {
    error: new TypeError('fetch failed', { cause: withCode('ECONNRESET') }),
    kind: 'unavailable',
    reason: 'ECONNRESET',
  },
  'a wrong call': {
    error: withCode('ERR_INVALID_ARG_TYPE'),
    kind: 'unexpected',
    reason: 'ERR_INVALID_ARG_TYPE',
  },
  'a deadline': { error: new DOMException(SECRET, 'TimeoutError'), kind: 'timeout' },
  'a bug': { error: new RangeError(SECRET), kind: 'unexpected', reason: 'RangeError' },
  'a code that is no word': { error: withCode(`${SECRET} and more`), kind: 'unexpected', reason: 'Error' },
  'no error at all': { error: SECRET, kind: 'unexpected' },
  'an exception of client-node': { error: apiException(404), kind: 'notFound' },
};

test.each(Object.entries(thrown))('thrown: %s', (_sentence, { error, kind, reason }) => {
  expect(toKubeError(error)).toMatchObject({ kind, reason });
});

function apiException(code: number): Error {
  return new ApiException(code, SECRET, `{"message":"${SECRET}"}`, { 'set-cookie': SECRET });
}

describe('secrets', () => {
  test.each(Object.entries(thrown))('nothing of the original gets out: %s', (_sentence, { error }) => {
    const mapped = toKubeError(error, 'GET /api/v1/namespaces/a/secrets/b');

    expect(inspect(mapped, { depth: 10, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify(mapped)).not.toContain(SECRET);
    expect(mapped.cause).toBeUndefined();
  });

  test('the message says what was asked, and how it failed', () => {
    const error = toKubeError(apiException(403), 'GET /api/v1/namespaces/a/secrets/b');

    expect(error.message).toBe('GET /api/v1/namespaces/a/secrets/b: forbidden (403)');
  });
});

test('a KubeError stays as it is and is known by its kind', () => {
  const error = new KubeError('conflict', 'PATCH /x', { status: 409 });

  expect(toKubeError(error)).toBe(error);
  expect(isKubeError(error)).toBe(true);
  expect(isKubeError(error, 'notFound', 'conflict')).toBe(true);
  expect(isKubeError(error, 'notFound')).toBe(false);
  expect(isKubeError(new Error('conflict'))).toBe(false);
});
