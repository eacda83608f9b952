import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as httpRequest,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** An axios transport for one call that notices how far its connection came. */
export interface ConnectionWatch {
  readonly transport: {
    request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest;
  };
  /** Whether a connection stood, so that the request may have been read. */
  connected(): boolean;
  /** Whether the other side took the connection but has not finished the TLS handshake. */
  inHandshake(): boolean;
  /** Whether it was a pooled one, which the other side may have closed just before. */
  reused(): boolean;
}

export function watchConnection(): ConnectionWatch {
  let reached = false;
  let connected = false;
  let reused = false;

  function watch(socket: Socket): void {
    if (!socket.connecting && reused) {
      connected = true;
      return;
    }
    socket.once('connect', () => {
      reached = true;
    });
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      connected = true;
    });
  }

  return {
    transport: {
      request(options, onResponse) {
        const open = options.protocol === 'https:' ? httpsRequest : httpRequest;
        const request = open(options, onResponse);
        request.once('socket', (socket) => {
          reused = request.reusedSocket;
          watch(socket);
        });
        return request;
      },
    },
    connected: () => connected,
    inHandshake: () => reached && !connected,
    reused: () => reused,
  };
}
