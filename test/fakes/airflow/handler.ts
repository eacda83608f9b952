import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Call } from './answer.ts';
import type { FakeAirflowOptions, FakeCall, Fault } from './fakeAirflow.ts';
import type { Faults } from './faults.ts';
import { route, type Router } from './router.ts';
import { settle } from './settle.ts';

export interface HandlerOptions {
  readonly router: Router;
  readonly faults: Faults;
  readonly calls: FakeCall[];
  readonly options: FakeAirflowOptions;
}

/** Reads a call, applies the faults planned for it, does the work, records and answers. */
export function createHandler(
  handler: HandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    handle(handler, request, response).catch((error: unknown) => {
      response.writeHead(500).end(`the fake is broken: ${String(error)}`);
    });
  };
}

async function handle(
  handler: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = await readCall(request);
  const faults = handler.faults.take(call);
  await delay(handler.options, call, faults);
  const cut = faults.find((fault) => fault.kind === 'reset' || fault.kind === 'hang');
  if (cut?.when !== 'before') {
    const answer = await answerTo(handler.router, call, faults);
    if (!cut) {
      record(handler.calls, call, answer.status);
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    }
  }
  record(handler.calls, call, 0);
  if (cut?.kind === 'reset') {
    request.socket.destroy();
  }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk));
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

async function delay(options: FakeAirflowOptions, call: Call, faults: readonly Fault[]): Promise<void> {
  const planned = faults.map((fault) => (fault.kind === 'delay' ? fault.milliseconds : 0));
  const deploying = call.path.endsWith('/deploy') ? (options.deployLatencyMilliseconds ?? 0) : 0;
  const total = Math.max(0, ...planned) + deploying + (options.latencyMilliseconds ?? 0);
  if (total > 0) {
    await wait(total, undefined, { ref: false });
  }
}

async function answerTo(router: Router, call: Call, faults: readonly Fault[]): Promise<Answer> {
  const given = faults.find((fault) => fault.kind === 'answer');
  if (given) {
    return {
      status: given.status,
      body: given.body,
      headers: { 'content-type': 'application/json', ...given.headers },
    };
  }
  settle(router.world);
  return await route(router, call, {
    readOnly: faults.some((fault) => fault.kind === 'readOnlyConfigs'),
    error: faults.find((fault) => fault.kind === 'deployError')?.text,
  });
}

function record(calls: FakeCall[], call: Call, status: number): void {
  const { method, path, query, body, headers } = call;
  calls.push({ at: Date.now(), method, path, query, body, status, authorization: headers['authorization'] });
}
