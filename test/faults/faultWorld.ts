import type { Generation } from '../airflow/generations.ts';
import type { RunningAirflow } from '../airflow/airflow.ts';
import { type Cluster, startCluster } from '../harness/cluster.ts';
import { clientManifest, namespaceManifest, secretManifest } from '../harness/manifests.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { createPlantedSecrets, type PlantedSecrets } from '../harness/plantedSecrets.ts';
import { type RealAirflow, startRealAirflow } from '../harness/realAirflow.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../openmetadata/standIn.ts';
import { freePort } from '../support/freePort.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';
import { createTlsFiles, type TlsFiles } from './tlsFiles.ts';

export const namespace = 'faults';
/** The user that clients have unless they say otherwise; may do everything. */
export const USERNAME = 'operator';
/** A client with which nothing is wrong. */
export const HEALTHY = 'healthy';
/** Variables of Airflow with the token of OpenMetadata, and with one that it does not know. */
export const RIGHT_TOKEN_VARIABLE = 'RIGHT_TOKEN';
export const WRONG_TOKEN_VARIABLE = 'WRONG_TOKEN';

/** A real Airflow, a control plane and an operator, to which faults are added. */
export interface FaultWorld {
  readonly cluster: Cluster;
  readonly operator: OperatorProcess;
  readonly airflow: RunningAirflow;
  readonly openMetadata: OpenMetadataStandIn;
  readonly real: RealAirflow;
  readonly secrets: PlantedSecrets;
  readonly tls: TlsFiles;
  /** Of that user. */
  readonly password: string;
  /** That OpenMetadata accepts. */
  readonly token: string;
  /** One more stand-in for OpenMetadata that accepts the usual token. */
  startOpenMetadata(version: string): Promise<OpenMetadataStandIn>;
  /** Stops it with the world. */
  keep<T extends { stop(): Promise<void> }>(started: Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export async function startFaultWorld(generation: Generation): Promise<FaultWorld> {
  const secrets = createPlantedSecrets();
  const token = secrets.plant('token');
  const password = secrets.plant('password');
  const directory = temporaryDirectory('faults');
  const environment = {
    ...(await egressOnlyToLoopback()),
    [RIGHT_TOKEN_VARIABLE]: token,
    [WRONG_TOKEN_VARIABLE]: secrets.plant('wrong-token'),
  };
  const [real, cluster, tls] = await Promise.all([
    startRealAirflow(generation, token, { environment, heedsFileModes: true }),
    startCluster(),
    createTlsFiles(directory.path),
  ]);
  const { airflow, subject } = real;
  const { openMetadata } = subject;
  await airflow.createUser(USERNAME, password, 'Admin');
  const operator = await cluster.startOperator({
    'secret-refresh-seconds': '1',
    'idle-poll-seconds': '10',
    'registration-timeout-seconds': '15',
  });
  const servers = { airflowUrl: airflow.url, openMetadataUrl: openMetadata.url, username: USERNAME };
  await cluster.apply(
    namespaceManifest(namespace),
    secretManifest(
      { namespace, name: 'credentials' },
      { password, token, 'ca.crt': tls.authority, 'tls.crt': tls.client.cert, 'tls.key': tls.client.key },
    ),
    clientManifest({ namespace, name: HEALTHY }, servers, { limits: { deploysPerMinute: 600 } }),
  );
  const kept: { stop(): Promise<void> }[] = [];

  async function keep<T extends { stop(): Promise<void> }>(started: Promise<T>): Promise<T> {
    const part = await started;
    kept.push(part);
    return part;
  }

  return {
    cluster,
    operator,
    airflow,
    openMetadata,
    real,
    secrets,
    tls,
    password,
    token,
    startOpenMetadata: (version) => keep(startOpenMetadata({ version, token })),
    keep,
    async stop() {
      await cluster.stop();
      await Promise.all(kept.map((part) => part.stop()));
      await real.stop();
      directory.remove();
    },
  };
}

/** What else Airflow wants to reach goes by way of a proxy that is not there. */
async function egressOnlyToLoopback(): Promise<Record<string, string>> {
  const proxy = `http://127.0.0.1:${await freePort()}`;
  return { HTTP_PROXY: proxy, http_proxy: proxy, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
}
