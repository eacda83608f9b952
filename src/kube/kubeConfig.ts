import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';

/** Milliseconds that an unused connection is kept; the API server closes it after 90 s. */
const KEEP_ALIVE = 60_000;

/** What one request needs: where to send it, with which credentials, over which connections. */
export interface KubeConnection {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

interface ConnectionPools {
  readonly fingerprint: string;
  readonly calls: Dispatcher;
  readonly watches: Dispatcher;
}

/**
 * Credentials and TLS of client-node over connections that are kept and shared: client-node itself opens a new
 * one for every request. Close it when nothing will be sent any more.
 */
export class PooledKubeConfig extends KubeConfig {
  readonly #maxConnections: number;
  #pools: ConnectionPools | undefined;

  constructor(maxConnections: number) {
    super();
    this.#maxConnections = maxConnections;
  }

  /** Credentials are read anew on each call, so rotated tokens and certificates are followed. */
  async connection(purpose: 'call' | 'watch'): Promise<KubeConnection> {
    const cluster = this.getCurrentCluster();
    if (!cluster) {
      throw new Error('the kubeconfig has no current cluster');
    }
    const options: RequestOptions = {};
    await this.applyToHTTPSOptions(options);
    const pools = this.#poolsFor(options);
    return {
      server: cluster.server,
      headers: authenticationHeaders(options),
      dispatcher: purpose === 'watch' ? pools.watches : pools.calls,
    };
  }

  async close(): Promise<void> {
    const pools = this.#pools;
    this.#pools = undefined;
    await Promise.all([pools?.calls.destroy(), pools?.watches.destroy()]);
  }

  #poolsFor(options: RequestOptions): ConnectionPools {
    const fingerprint = fingerprintOf(options);
    const old = this.#pools;
    if (old?.fingerprint === fingerprint) {
      return old;
    }
    const pools = {
      fingerprint,
      calls: this.#createDispatcher(options, this.#maxConnections),
      // A watch holds its connection for minutes, so watches must not use up those of the calls.
      watches: this.#createDispatcher(options, undefined),
    };
    this.#pools = pools;
    retire(old);
    return pools;
  }

  #createDispatcher(options: RequestOptions, connections: number | undefined): Dispatcher {
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const tls = this.createDispatcherOptions(this.getCurrentCluster(), {
      ca,
      cert,
      key,
      rejectUnauthorized,
      servername,
    });
    // HTTP/1.1, as one stuck HTTP/2 connection would stop every watch and call at once.
    const limits = { allowH2: false, connections: connections ?? null, keepAliveTimeout: KEEP_ALIVE };
    switch (tls.type) {
      case 'none':
        return new Agent(limits);
      case 'agent':
        return new Agent({ ...limits, connect: { ...tls.connect, allowH2: false } });
      case 'proxy':
        return new ProxyAgent({ ...limits, uri: tls.uri, requestTls: { ...tls.requestTls, allowH2: false } });
      case 'socks':
        throw new Error('the kubeconfig asks for a SOCKS proxy, which is not supported; use an HTTP proxy');
    }
  }
}

/**
 * The cluster to talk to: that of the given kubeconfig file, else the one this process runs in (service account).
 * `maxConnections` limits the calls under way at a time (watches not counted); default 16.
 */
export function loadKubeConfig(options: { kubeconfig?: string; maxConnections?: number }): PooledKubeConfig {
  const kubeConfig = new PooledKubeConfig(options.maxConnections ?? 16);
  if (options.kubeconfig === undefined) {
    kubeConfig.loadFromCluster();
    if (!URL.canParse(kubeConfig.getCurrentCluster()?.server ?? '')) {
      throw new Error(
        'not in a cluster, as there is no service account of it: give the path of a kubeconfig',
      );
    }
  } else {
    kubeConfig.loadFromFile(options.kubeconfig);
  }
  return kubeConfig;
}

function authenticationHeaders(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value !== undefined) {
      headers[name.toLowerCase()] = String(value).trim();
    }
  }
  if (options.auth) {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  return headers;
}

function fingerprintOf({ ca, cert, key, rejectUnauthorized, servername }: RequestOptions): string {
  const hash = createHash('sha256');
  for (const part of [ca, cert, key, rejectUnauthorized, servername]) {
    hash.update(Buffer.isBuffer(part) ? part : (JSON.stringify(part) ?? 'none')).update('\0');
  }
  return hash.digest('base64');
}

function retire(pools: ConnectionPools | undefined): void {
  // Requests under way may finish; a dispatcher that is already gone is what we want.
  pools?.calls.close().catch(() => {});
  pools?.watches.close().catch(() => {});
}
