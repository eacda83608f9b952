import { createHash } from 'node:crypto';
import type { Airflow } from '../../airflow/airflow.ts';
import type { AirflowOptions } from '../../airflow/airflowClient.ts';
import type { DeployGate, DeployGateOptions } from '../../airflow/deployGate.ts';
import type { Poller } from '../../airflow/poller.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { OpenMetadataOptions } from '../../openmetadata/serverCall.ts';
import type { OpenMetadata } from '../../openmetadata/openMetadata.ts';
import type { ClientCredentials } from './clientCredentials.ts';
import type { Connection } from './connection.ts';
import { createLookTimes } from './lookTimes.ts';
import { keyOf } from './references.ts';

/** The connections of all clients, by the client's key. */
export interface Connections {
  get(clientKey: string): Connection | undefined;
  /** The connection for this client as it is now; the one there is, if nothing about it has changed. */
  ensure(client: PipelineServiceClient, credentials: ClientCredentials): Connection;
  /** Something about this connection is not as it was: the next look at the client checks everything. */
  suspect(clientKey: string): void;
  /** The Secrets of this client cannot be read; the connection there is, if any, goes on with what it has. */
  markUnresolved(clientKey: string): void;
  isUnresolved(clientKey: string): boolean;
  close(clientKey: string): void;
  closeAll(): void;
  entries(): Iterable<[string, Connection]>;
}

export interface ConnectionsOptions {
  readonly createAirflow: (clientKey: string, options: AirflowOptions) => Airflow;
  readonly createOpenMetadata: (options: OpenMetadataOptions) => OpenMetadata;
  readonly createPoller: (clientKey: string, airflow: Airflow) => Poller;
  readonly createGate: (limits: GateLimits) => DeployGate;
}

export type GateLimits = Pick<DeployGateOptions, 'concurrentDeploys' | 'deploysPerMinute'>;

const DEFAULT_TIMEOUT_SECONDS = 10;

export function createConnections(options: ConnectionsOptions): Connections {
  const connections = new Map<string, Connection>();
  const unresolved = new Set<string>();
  const gates = new Map<string, { subject: string; gate: DeployGate }>();

  /** The gate outlives new credentials: Airflow does not recover faster because a token was rotated. */
  function gateOf(clientKey: string, { spec }: PipelineServiceClient): DeployGate {
    const { apiEndpoint, limits = {} } = spec;
    const subject = JSON.stringify([apiEndpoint, limits]);
    const known = gates.get(clientKey);
    if (known?.subject === subject) {
      return known.gate;
    }
    const gate = options.createGate(limits);
    gates.set(clientKey, { subject, gate });
    return gate;
  }

  function open(
    clientKey: string,
    client: PipelineServiceClient,
    credentials: ClientCredentials,
  ): Connection {
    const stop = new AbortController();
    const airflow = options.createAirflow(clientKey, airflowOptions(client, credentials));
    const openMetadata = options.createOpenMetadata(openMetadataOptions(client, credentials));
    const poller = options.createPoller(clientKey, airflow);
    void poller.run(stop.signal);
    return {
      fingerprint: fingerprintOf(client, credentials),
      credentials,
      airflow,
      openMetadata,
      poller,
      gate: gateOf(clientKey, client),
      findings: { checked: false, nextCheckAt: 0 },
      entityLooks: createLookTimes(),
      awaitingMount: new Set(),
      reparses: createLookTimes(),
      close() {
        stop.abort();
        airflow.close();
        openMetadata.close();
      },
    };
  }

  function close(clientKey: string): void {
    connections.get(clientKey)?.close();
    connections.delete(clientKey);
  }

  return {
    get: (clientKey) => connections.get(clientKey),
    ensure(client, credentials) {
      const clientKey = keyOf(client);
      unresolved.delete(clientKey);
      const known = connections.get(clientKey);
      if (known?.fingerprint === fingerprintOf(client, credentials)) {
        return known;
      }
      close(clientKey);
      const connection = open(clientKey, client, credentials);
      connections.set(clientKey, connection);
      return connection;
    },
    suspect(clientKey) {
      const findings = connections.get(clientKey)?.findings;
      if (findings !== undefined) {
        findings.nextCheckAt = 0;
      }
    },
    markUnresolved(clientKey) {
      unresolved.add(clientKey);
    },
    isUnresolved: (clientKey) => unresolved.has(clientKey),
    close(clientKey) {
      close(clientKey);
      unresolved.delete(clientKey);
      gates.delete(clientKey);
    },
    closeAll() {
      [...connections.keys()].forEach(close);
    },
    entries: () => connections.entries(),
  };
}

function airflowOptions({ spec }: PipelineServiceClient, credentials: ClientCredentials): AirflowOptions {
  return {
    endpoint: spec.apiEndpoint,
    username: credentials.username,
    password: credentials.password,
    tls: {
      verify: spec.verifySSL ?? 'no-ssl',
      ca: credentials.airflowCa,
      certificate: credentials.clientCertificate,
      key: credentials.clientKey,
    },
    timeoutMilliseconds: timeoutOf(spec),
  };
}

function openMetadataOptions(
  { spec }: PipelineServiceClient,
  credentials: ClientCredentials,
): OpenMetadataOptions {
  return {
    baseUrl: spec.metadataApiEndpoint,
    token: credentials.token,
    tls: { verify: spec.openMetadata.verifySSL ?? 'no-ssl', ca: credentials.openMetadataCa },
    timeoutMilliseconds: timeoutOf(spec),
  };
}

function timeoutOf(spec: PipelineServiceClient['spec']): number {
  return (spec.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
}

/** Stays in memory, hence neither keyed nor shown. */
function fingerprintOf({ spec }: PipelineServiceClient, credentials: ClientCredentials): string {
  const { apiEndpoint, metadataApiEndpoint, verifySSL, timeout, limits } = spec;
  const { password, token, clientKey, ...rest } = credentials;
  const parts = [
    {
      apiEndpoint,
      metadataApiEndpoint,
      verifySSL,
      timeout,
      limits,
      openMetadata: spec.openMetadata.verifySSL,
    },
    [password.reveal(), token?.reveal(), clientKey?.reveal()],
    rest,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
