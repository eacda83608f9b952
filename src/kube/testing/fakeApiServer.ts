import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PooledKubeConfig } from '../kubeConfig.ts';

/** What the fake serves. */
export interface Thing {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly [more: string]: unknown;
  };
  readonly spec: unknown;
}

/** Answers one request in place of the fake. */
export type Fault = (response: ServerResponse, url: URL) => void;

/** A watch that is open, to be disturbed. */
export interface OpenWatch {
  readonly from: string;
  write(data: string | Buffer): void;
  /** Delivers nothing any more and keeps the connection, as a half-open one. */
  freeze(): void;
  end(): void;
  reset(): void;
}

/** LIST and WATCH of one kind, at `/api/things`, as an API server would serve them, and with the faults one orders. */
export interface FakeApiServer {
  readonly kubeConfig: PooledKubeConfig;
  /** `list`, `list+` for a further page, or `watch`, each with its version or token. */
  readonly requests: string[];
  readonly watches: OpenWatch[];
  put(key: string, more?: object): Thing;
  delete(key: string): void;
  /** Sends a new version to all watches that asked for bookmarks, without a change. */
  bookmark(): void;
  /** Forgets what was before, so that old versions are gone. */
  compact(): void;
  /** Goes back to an empty state of an earlier version, as after restoring a backup. */
  restore(resourceVersion: number): void;
  onceList(fault: Fault): void;
  onceWatch(fault: Fault): void;
  /** Every watch from now on, until undefined. */
  setWatchFault(fault: Fault | undefined): void;
  close(): Promise<void>;
}

interface StoredEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: Thing;
}

interface LiveWatch extends OpenWatch {
  readonly wantsBookmarks: boolean;
  readonly namespace: string | undefined;
  send(event: object): void;
}

export async function startFakeApiServer(): Promise<FakeApiServer> {
  const objects = new Map<string, Thing>();
  const history: StoredEvent[] = [];
  const requests: string[] = [];
  const watches: LiveWatch[] = [];
  const listFaults: Fault[] = [];
  const watchFaults: Fault[] = [];
  let watchFault: Fault | undefined;
  let version = 100;
  let oldest = 0;

  function record(type: StoredEvent['type'], object: Thing): void {
    history.push({ type, version, object });
    for (const watch of watches) {
      if (watch.namespace === undefined || watch.namespace === object.metadata.namespace) {
        watch.send({ type, object });
      }
    }
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://fake');
    const namespace = /\/namespaces\/([^/]+)\//.exec(url.pathname)?.[1];
    if (url.searchParams.get('watch') === 'true') {
      requests.push(`watch ${url.searchParams.get('resourceVersion')}`);
      const fault = watchFaults.shift() ?? watchFault ?? serveWatch;
      fault(response, url);
    } else {
      const token = url.searchParams.get('continue');
      requests.push(token === null ? 'list' : 'list+');
      (listFaults.shift() ?? serveList)(response, url);
    }

    function serveWatch(): void {
      const from = url.searchParams.get('resourceVersion') ?? '0';
      if (Number(from) < oldest) {
        sendStatus(response, 410, 'Expired');
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      const wantsBookmarks = url.searchParams.get('allowWatchBookmarks') === 'true';
      const watch = { ...openWatch(response, from, namespace), wantsBookmarks };
      watches.push(watch);
      response.on('close', () => watches.splice(watches.indexOf(watch), 1));
      for (const event of history) {
        if (
          event.version > Number(from) &&
          (namespace === undefined || namespace === event.object.metadata.namespace)
        ) {
          watch.send({ type: event.type, object: event.object });
        }
      }
    }

    function serveList(): void {
      const all = [...objects.values()].filter(
        (object) => (namespace ?? object.metadata.namespace) === object.metadata.namespace,
      );
      const start = Number(url.searchParams.get('continue') ?? 0);
      const end = start + Number(url.searchParams.get('limit') ?? all.length);
      sendJson(response, 200, {
        metadata: { resourceVersion: String(version), ...(end < all.length && { continue: String(end) }) },
        items: all.slice(start, end),
      });
    }
  }

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kubeConfig = kubeConfigFor(server);

  return {
    kubeConfig,
    requests,
    watches,

    put(key, more = {}) {
      const [namespace = '', name = ''] = key.split('/');
      const old = objects.get(key);
      version += 1;
      const uid = old?.metadata.uid ?? `uid-${version}`;
      const metadata = { name, namespace, uid, resourceVersion: String(version), ...more };
      const object = { metadata, spec: { version } };
      objects.set(key, object);
      record(old ? 'MODIFIED' : 'ADDED', object);
      return object;
    },

    delete(key) {
      const old = objects.get(key);
      if (old) {
        version += 1;
        objects.delete(key);
        record('DELETED', { ...old, metadata: { ...old.metadata, resourceVersion: String(version) } });
      }
    },

    bookmark() {
      version += 1;
      for (const watch of watches.filter(({ wantsBookmarks }) => wantsBookmarks)) {
        watch.send(bookmarkOf(version));
      }
    },

    compact() {
      history.length = 0;
      oldest = version;
    },

    restore(resourceVersion) {
      objects.clear();
      history.length = 0;
      version = resourceVersion;
      oldest = 0;
    },

    onceList: (fault) => listFaults.push(fault),
    onceWatch: (fault) => watchFaults.push(fault),
    setWatchFault: (fault) => {
      watchFault = fault;
    },

    async close() {
      await kubeConfig.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A kubeconfig for a plain server on this machine. */
export function kubeConfigFor(server: Server, maxConnections = 4): PooledKubeConfig {
  const kubeConfig = new PooledKubeConfig(maxConnections);
  kubeConfig.loadFromClusterAndUser(
    { name: 'fake', server: `http://127.0.0.1:${portOf(server.address())}`, skipTLSVerify: true },
    { name: 'fake' },
  );
  return kubeConfig;
}

/** Answers with a Status object, as the API server does for errors. */
export function sendStatus(response: ServerResponse, code: number, reason: string, more: object = {}): void {
  sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, ...more });
}

export function sendJson(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Breaks the connection in the middle. */
export function resetConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function openWatch(
  response: ServerResponse,
  from: string,
  namespace: string | undefined,
): Omit<LiveWatch, 'wantsBookmarks'> {
  let frozen = false;
  function write(data: string | Buffer): void {
    if (!frozen) {
      response.write(data);
    }
  }
  return {
    from,
    namespace,
    write,
    send: (event) => write(`${JSON.stringify(event)}\n`),
    freeze: () => {
      frozen = true;
    },
    end: () => {
      frozen = true;
      response.end();
    },
    reset: () => resetConnection(response),
  };
}

function bookmarkOf(version: number): object {
  return { type: 'BOOKMARK', object: { kind: 'Thing', metadata: { resourceVersion: String(version) } } };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') {
    throw new Error('the server does not listen on a port');
  }
  return address.port;
}
