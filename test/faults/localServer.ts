import { once } from 'node:events';
import type { Server, Socket } from 'node:net';

/** A server of this process on a loopback address. */
export interface LocalServer {
  readonly url: string;
  /** Cuts what is still open. */
  stop(): Promise<void>;
}

export interface Place {
  readonly scheme?: 'http' | 'https';
  /** Any free one when left out. */
  readonly port?: number;
}

export async function serve(server: Server, { scheme = 'http', port = 0 }: Place = {}): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `${scheme}://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
