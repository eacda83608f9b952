import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { type LocalServer, serve } from './localServer.ts';

export interface CannedAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says the same to every request. */
export function answerAlways({ status, body = '', headers = {} }: CannedAnswer): Promise<LocalServer> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end(body);
  });
  return serve(server);
}

/** Takes every connection and says nothing. */
export function answerNever(): Promise<LocalServer> {
  return serve(createTcpServer((socket) => socket.resume()));
}
