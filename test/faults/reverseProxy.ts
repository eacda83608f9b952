import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type LocalServer, serve } from './localServer.ts';

export interface ReverseProxyOptions {
  /** Certificate, key and what else TLS wants; plain HTTP when left out. */
  readonly tls?: ServerOptions;
  /** What becomes of the path on the way. */
  readonly rewrite?: (path: string) => string;
  readonly port?: number;
}

/** Stands before a server, as an ingress does. */
export function startReverseProxy(target: string, options: ReverseProxyOptions = {}): Promise<LocalServer> {
  const { tls, rewrite = (path: string) => path, port } = options;

  function forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, headers, url = '/' } = incoming;
    const outgoing = request(`${target}${rewrite(url)}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  }

  const place = port === undefined ? {} : { port };
  return tls === undefined
    ? serve(createServer(forward), place)
    : serve(createTlsServer(tls, forward), { ...place, scheme: 'https' });
}
