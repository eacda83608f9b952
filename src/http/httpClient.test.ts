import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SecretValue } from '../domain/secretValue.ts';
import { createHttpClient, type HttpClient, type HttpRequest } from './httpClient.ts';
import { HttpFailure } from './httpFailure.ts';
import type { TlsSettings } from './tls.ts';

const signal = new AbortController().signal;
const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) {
    cleanUp();
  }
});

function client(tls: TlsSettings = { verify: 'no-ssl' }, maxSockets?: number): HttpClient {
  const made = createHttpClient({ tls, ...(maxSockets !== undefined && { maxSockets }) });
  cleanUps.push(() => made.close());
  return made;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

function get(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, headers: {}, readOnly: true, timeoutMilliseconds: 2_000, ...changes };
}

async function failure(promise: Promise<unknown>): Promise<HttpFailure> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpFailure)) {
    throw new Error(`no HttpFailure but ${String(error)}`);
  }
  return error;
}

describe('an answer', () => {
  test('comes with status, headers and cookies, whatever the status', async () => {
    const url = await serve((_, response) => {
      response.writeHead(500, { 'Retry-After': '3', 'Set-Cookie': ['a=1; Path=/', 'b=2'] }).end('body');
    });

    const answer = await client().send(get(url), signal);

    expect(answer).toMatchObject({ status: 500, body: 'body', setCookies: ['a=1; Path=/', 'b=2'] });
    expect(answer.header('retry-after')).toBe('3');
  });

  test('that redirects is not followed', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });

    expect(await client().send(get(url), signal)).toMatchObject({ status: 302 });
    expect(calls).toBe(1);
  });

  test('larger than 32 MB is cut off', async () => {
    const url = await serve((_, response) => {
      response.end(Buffer.alloc(33 * 1024 * 1024));
    });

    expect(await failure(client().send(get(url), signal))).toMatchObject({ kind: 'answerTooLarge' });
  });

  test('that ends before its time is connectionLost', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('part', () => response.destroy());
    });

    expect(await failure(client().send(get(url), signal))).toMatchObject({
      kind: 'connectionLost',
      maybeSent: true,
    });
  });

  test('that drips for ever ends at the deadline', async () => {
    const url = await serve((_, response) => {
      const timer = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(timer));
    });

    const call = client().send(get(url, { timeoutMilliseconds: 100 }), signal);

    expect(await failure(call)).toMatchObject({ kind: 'timeout', maybeSent: true });
  });
});

describe('a connection', () => {
  test('that is refused was never used', async () => {
    const url = await serve(() => undefined);
    cleanUps.pop()?.();

    expect(await failure(client().send(get(url), signal))).toMatchObject({
      kind: 'connectionRefused',
      maybeSent: false,
      code: 'ECONNREFUSED',
    });
  });

  test('that is not to be had before the deadline was never used', async () => {
    const url = await serve(() => undefined);
    const pool = client({ verify: 'no-ssl' }, 1);
    const first = failure(pool.send(get(url, { timeoutMilliseconds: 200 }), signal));

    const second = failure(
      pool.send(get(url, { method: 'POST', readOnly: false, timeoutMilliseconds: 50 }), signal),
    );

    expect(await second).toMatchObject({ kind: 'timeout', maybeSent: false });
    expect(await first).toMatchObject({ kind: 'timeout', maybeSent: true });
  });

  test('is kept, and at most eight are made', async () => {
    let open = 0;
    let most = 0;
    const server = createServer((_, response) => {
      setTimeout(() => response.end('ok'), 10);
    });
    server.on('connection', () => {
      open += 1;
      most = Math.max(most, open);
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    const pool = client();

    await Promise.all(Array.from({ length: 30 }, () => pool.send(get(url), signal)));

    expect(most).toBe(8);
  });

  test('kept but closed by the server is replaced for a read, and reported for a change', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls += 1;
      if (calls % 2 === 1) {
        response.end('ok');
      } else {
        request.socket.destroy();
      }
    });
    const pool = client();

    await pool.send(get(url), signal);
    const read = await pool.send(get(url), signal);
    const change = failure(pool.send(get(url, { method: 'POST', readOnly: false }), signal));

    expect(read.body).toBe('ok');
    expect(await change).toMatchObject({ kind: 'connectionLost', maybeSent: true });
  });
});

describe('an abort by the caller', () => {
  test('before the call ends it without one', async () => {
    const call = client().send(get('http://127.0.0.1:1'), AbortSignal.abort(new Error('stop')));

    await expect(call).rejects.toThrow('stop');
  });

  test('during a read throws the reason', async () => {
    const url = await serve(() => undefined);

    const call = client().send(get(url), AbortSignal.timeout(30));

    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('during a change leaves it unknown', async () => {
    const url = await serve(() => undefined);

    const call = client().send(get(url, { method: 'POST', readOnly: false }), AbortSignal.timeout(100));

    expect(await failure(call)).toMatchObject({ kind: 'connectionLost', maybeSent: true });
  });
});

describe('TLS', () => {
  const files = { certificate: '', key: '' };

  beforeAll(() => {
    const directory = mkdtempSync(join(tmpdir(), 'http-client-'));
    const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const command = 'openssl';
    execFileSync(command, ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    files.key = readFileSync(key, 'utf8');
    files.certificate = readFileSync(certificate, 'utf8');
    rmSync(directory, { recursive: true });
  });

  async function serveTls(requestCert = false): Promise<string> {
    const server = createTlsServer(
      {
        key: files.key,
        cert: files.certificate,
        ca: files.certificate,
        requestCert,
        rejectUnauthorized: requestCert,
      },
      (_, response) => response.end('ok'),
    );
    return `https://127.0.0.1:${await listen(server)}`;
  }

  test.each(['no-ssl', 'validate'] as const)(
    '%s without the CA refuses an unknown certificate',
    async (verify) => {
      const url = await serveTls();

      expect(await failure(client({ verify }).send(get(url), signal))).toMatchObject({
        kind: 'tlsUntrusted',
        maybeSent: false,
      });
    },
  );

  test('validate with the CA accepts it', async () => {
    const url = await serveTls();

    expect(await client({ verify: 'validate', ca: files.certificate }).send(get(url), signal)).toMatchObject({
      status: 200,
    });
  });

  test('ignore accepts it', async () => {
    const url = await serveTls();

    expect(await client({ verify: 'ignore' }).send(get(url), signal)).toMatchObject({ status: 200 });
  });

  test('a client certificate is shown where one is asked for', async () => {
    const url = await serveTls(true);
    const tls = {
      verify: 'validate',
      ca: files.certificate,
      certificate: files.certificate,
      key: new SecretValue(files.key),
    } as const;

    expect(await client(tls).send(get(url), signal)).toMatchObject({ status: 200 });
    expect(await failure(client({ verify: 'ignore' }).send(get(url), signal))).toMatchObject({
      kind: 'tlsUntrusted',
    });
  });

  test('https to a plain port and http to a TLS port are mismatches', async () => {
    const plain = await serve((_, response) => response.end('ok'));
    const secure = await serveTls();

    expect(await failure(client().send(get(plain.replace('http:', 'https:')), signal))).toMatchObject({
      kind: 'tlsMismatch',
    });
    expect(
      await failure(client({ verify: 'ignore' }).send(get(secure.replace('https:', 'http:')), signal)),
    ).toBeInstanceOf(HttpFailure);
  });

  test('a server that ends the connection before TLS stands refuses it', async () => {
    const server = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => server.close());

    const error = await failure(client().send(get(`https://127.0.0.1:${portOf(server.address())}`), signal));

    expect(error).toMatchObject({ kind: 'connectionRefused', maybeSent: false });
  });
});
