import type { AirflowGeneration, FakeAirflow, FakeAirflowOptions } from '../fakes/airflow/fakeAirflow.ts';
import { startFakeAirflow } from '../fakes/airflow/startFakeAirflow.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../openmetadata/standIn.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { clientManifest, namespaceManifest, secretManifest, type Servers } from './manifests.ts';
import { createPlantedSecrets, type PlantedSecrets } from './plantedSecrets.ts';

const VERSIONS: Readonly<Record<AirflowGeneration, string>> = {
  '2.7.3': '1.3.3',
  '2.10.5': '1.10.2',
  '3.3.0': '2.0.5',
};

/** A real control plane with a fake Airflow and the stand-in for OpenMetadata, and a namespace with a client of both. */
export interface FakeWorld {
  readonly cluster: Cluster;
  readonly airflow: FakeAirflow;
  readonly openMetadata: OpenMetadataStandIn;
  readonly secrets: PlantedSecrets;
  readonly servers: Servers;
  readonly token: string;
  /** A namespace with the Secret `credentials` and the client `airflow`: of the fake Airflow that is given, or of the first. */
  createNamespace(name: string, airflow?: FakeAirflow): Promise<void>;
  /** Another fake Airflow of the same kind, which takes the same credentials. */
  startAirflow(): Promise<FakeAirflow>;
  /** What a client of this fake Airflow needs to know. */
  serversOf(airflow: FakeAirflow): Servers;
  stop(): Promise<void>;
}

export async function startFakeWorld(options: Omit<FakeAirflowOptions, 'password'>): Promise<FakeWorld> {
  const secrets = createPlantedSecrets();
  const token = secrets.plant('token');
  const password = secrets.plant('password');
  const others: FakeAirflow[] = [];
  const airflowOptions: FakeAirflowOptions = { openMetadata: 'ask', ...options, password };
  const [cluster, airflow, openMetadata] = await Promise.all([
    startCluster(),
    startFakeAirflow(airflowOptions),
    startOpenMetadata({ version: VERSIONS[options.generation], token }),
  ]);
  openMetadata.addService('databaseServices', { name: 'shop', serviceType: 'SQLite' });

  function serversOf({ url, username }: FakeAirflow): Servers {
    return { airflowUrl: url, openMetadataUrl: openMetadata.url, username };
  }

  const servers = serversOf(airflow);
  return {
    cluster,
    airflow,
    openMetadata,
    secrets,
    servers,
    token,
    serversOf,
    createNamespace: (namespace, of = airflow) =>
      cluster.apply(
        namespaceManifest(namespace),
        secretManifest({ namespace, name: 'credentials' }, { password, token }),
        clientManifest({ namespace, name: 'airflow' }, serversOf(of)),
      ),
    async startAirflow() {
      const other = await startFakeAirflow(airflowOptions);
      others.push(other);
      return other;
    },
    async stop() {
      await cluster.stop();
      await Promise.all([airflow, ...others, openMetadata].map((part) => part.stop()));
    },
  };
}
