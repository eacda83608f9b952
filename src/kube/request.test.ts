import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { PooledKubeConfig } from './kubeConfig.ts';
import { toKubeError } from './kubeError.ts';
import { ContentType, type KubeRequest, send } from './request.ts';
import { kubeConfigFor, sendJson, sendStatus } from './testing/fakeApiServer.ts';

const SECRET = 'planted-secret';

let server: Server;
let kubeConfig: PooledKubeConfig;
let connections: number;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  connections = 0;
  server = createServer((request, response) => answer(request, response));
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  kubeConfig = kubeConfigFor(server, 2);
});

afterEach(async () => {
  await kubeConfig.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const GET: KubeRequest = { method: 'GET', path: '/api/v1/namespaces/a/secrets/b' };

test('twenty calls share the connections allowed', async () => {
  answer = (_request, response) => setTimeout(() => sendJson(response, 200, { ok: true }), 2);

  await Promise.all(Array.from({ length: 20 }, () => send(kubeConfig, GET)));

  expect(connections).toBe(2);
});

test('method, query, content type and body arrive', async () => {
  answer = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () =>
      sendJson(response, 200, {
        method: request.method,
        url: request.url,
        type: request.headers['content-type'],
        body: Buffer.concat(chunks).toString(),
      }),
    );
  };

  const echo = await send(kubeConfig, {
    method: 'PATCH',
    path: '/things/ä',
    query: { fieldManager: 'a b', force: 'true' },
    contentType: ContentType.serverSideApply,
    body: { name: 'ü' },
  });

  expect(echo).toEqual({
    method: 'PATCH',
    url: '/things/%C3%A4?fieldManager=a+b&force=true',
    type: 'application/apply-patch+yaml',
    body: '{"name":"ü"}',
  });
});

test('a call without an answer is cut at its deadline', async () => {
  answer = () => {};

  await expect(send(kubeConfig, { ...GET, deadline: 20 })).rejects.toMatchObject({ kind: 'timeout' });
});

test('an answer that stops in the middle is cut at the deadline', async () => {
  answer = (_request, response) => response.write('{"a":');

  await expect(send(kubeConfig, { ...GET, deadline: 20 })).rejects.toMatchObject({ kind: 'timeout' });
});

test('a caller who aborts gets its own reason back', async () => {
  answer = () => {};
  const reason = new Error('no longer wanted');
  const abort = new AbortController();

  const sent = send(kubeConfig, { ...GET, signal: abort.signal });
  setTimeout(() => abort.abort(reason), 5);

  await expect(sent).rejects.toBe(reason);
  await expect(send(kubeConfig, { ...GET, signal: abort.signal })).rejects.toBe(reason);
});

test('a wait that the server asks for is passed on in milliseconds', async () => {
  answer = (_request, response) => {
    response.setHeader('retry-after', '7');
    sendStatus(response, 429, 'TooManyRequests');
  };

  await expect(send(kubeConfig, GET)).rejects.toMatchObject({
    kind: 'throttled',
    status: 429,
    reason: 'TooManyRequests',
    retryAfter: 7_000,
  });
});

describe('nothing of an answer gets into an error', () => {
  const answers: Record<string, (response: ServerResponse) => void> = {
    'a Status with a message': (response) => sendStatus(response, 422, 'Invalid', { message: SECRET }),
    'a Status whose reason is no word': (response) => sendStatus(response, 500, `not a word: ${SECRET}`),
    'an error page': (response) => response.writeHead(502, { 'x-secret': SECRET }).end(`<html>${SECRET}`),
    'a broken body': (response) => response.end(`{"data":"${SECRET}`),
    'a connection cut in the middle': (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write(SECRET);
      setTimeout(() => response.destroy(), 5);
    },
    'something that is not HTTP': (response) => response.socket?.end(`NONSENSE ${SECRET}\r\n\r\n`),
    'a redirect': (response) => response.writeHead(302, { location: `http://${SECRET}` }).end(),
  };

  test.each(Object.entries(answers))('%s', async (_sentence, reply) => {
    answer = (_request, response) => reply(response);

    const error = await send(kubeConfig, GET).catch((thrown: unknown) => thrown);

    expect(error).toBe(toKubeError(error));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
  });
});

test('an unreachable server is unavailable, with the reason', async () => {
  answer = (_request, response) => sendJson(response, 200, {});
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));

  await expect(send(kubeConfig, GET)).rejects.toMatchObject({ kind: 'unavailable', reason: 'ECONNREFUSED' });
});
