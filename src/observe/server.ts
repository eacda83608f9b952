import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export interface ProbeServerOptions {
  readonly address: string;
  readonly port: number;
  readonly registry: Registry;
  /** True once the operator can do its work, or waits for its turn to lead. */
  readonly isReady: () => boolean;
}

/** Serves `/healthz`, `/readyz` and `/metrics`. */
export function startProbeServer(options: ProbeServerOptions): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', response, options);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.address, () => {
      resolve({ port: portOf(server), close: () => server.close() });
    });
  });
}

async function answer(url: string, response: ServerResponse, options: ProbeServerOptions): Promise<void> {
  switch (url.split('?')[0]) {
    case '/healthz':
      return end(response, 200, 'ok');
    case '/readyz':
      return options.isReady() ? end(response, 200, 'ok') : end(response, 503, 'not ready');
    case '/metrics':
      return end(response, 200, await options.registry.metrics(), options.registry.contentType);
    default:
      return end(response, 404, 'not found');
  }
}

function end(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
