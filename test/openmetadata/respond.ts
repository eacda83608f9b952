import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { failure, ok, type Reply } from './reply.ts';
import { answer, type Backend } from './routes.ts';

const PREFIX = '/api/v1/';

export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly authorised: boolean;
}

export interface ServerState extends Backend {
  token: string;
  /** What the bot of the token may not do, such as `PUT services/ingestionPipelines`, each the beginning of a call. */
  forbidden: readonly string[];
  /** Calls that wait until their promise is fulfilled, by their beginnings. */
  readonly held: Map<string, Promise<void>>;
  readonly requests: RecordedRequest[];
}

export async function respond(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url: path = '' } = request;
  const authorised = request.headers.authorization === `Bearer ${state.token}`;
  const body = await text(request);
  for (const [deed, released] of state.held) {
    if (`${method} ${path}`.startsWith(deed.replace(' ', ` ${PREFIX}`))) await released;
  }
  const reply = replyTo(state, { method, path, authorised, body });
  state.requests.push({ method, path, status: reply.status, authorised });
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(reply.body));
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorised: boolean;
  readonly body: string;
}

function replyTo(state: ServerState, call: Call): Reply {
  const { pathname, searchParams } = new URL(call.path, 'http://localhost');
  if (pathname === `${PREFIX}system/version`) return ok(versionOf(state));
  if (!pathname.startsWith(PREFIX)) return failure(404, 'HTTP 404 Not Found');
  if (!call.authorised) return failure(401, 'Not Authorized! Token not present or not valid');
  const path = pathname.slice(PREFIX.length);
  if (state.forbidden.some((deed) => `${call.method} ${path}`.startsWith(deed))) {
    return failure(403, "Principal: CatalogPrincipal{name='ingestion-bot'} operations not allowed");
  }
  const body = parseJson(call.body);
  if (body === undefined) return failure(400, 'Unable to process JSON');
  return answer(state, { method: call.method, path, query: searchParams, body });
}

function versionOf({ version }: ServerState): Record<string, unknown> {
  return { version, revision: 'stand-in', timestamp: Date.now() };
}

function parseJson(body: string): unknown {
  try {
    return body === '' ? null : JSON.parse(body);
  } catch {
    return undefined;
  }
}
