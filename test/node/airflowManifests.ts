import type { AirflowEnvironment } from '../airflow/environment.ts';
import type { Generation } from '../airflow/generations.ts';
import { airflowSettings, type HomeLayout, layoutOf, newSecret } from '../airflow/settings.ts';
import { AIRFLOW_IMAGE, AIRFLOW_USER } from './airflowImage.ts';
import { type HostVolume, hostVolumeManifests, volumeMountOf, volumeOf } from './hostVolume.ts';
import type { MountSnippet } from './mountSnippet.ts';

export interface AirflowPodOptions {
  readonly environment: AirflowEnvironment;
  readonly namespace: string;
  /** Of Deployment and Service. */
  readonly name: string;
  readonly mount: MountSnippet;
  /** Directories of this machine that it needs. */
  readonly hostVolumes: readonly HostVolume[];
  /** The AIRFLOW_HOME on this machine whose database a new pod begins with. */
  readonly template: HomeLayout;
}

export const AIRFLOW_PORT = 8080;
const LABELS = { release: 'openmetadata-dependencies', tier: 'airflow', component: 'api-server' };
/** The versions take what is theirs. */
const TIMES = {
  // Shorter than Airflow's own, so that a test need not wait.
  AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL: '10',
  AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '10',
  // Longer, as otherwise a busy machine is enough to make an import or a task fail.
  AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '120',
  AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT: '30',
};
const WEB: Record<Generation['major'], readonly string[]> = {
  2: ['webserver', '--hostname', '0.0.0.0', '--port', String(AIRFLOW_PORT), '--workers', '1'],
  3: ['api-server', '--host', '0.0.0.0', '--port', String(AIRFLOW_PORT), '--workers', '1'],
};
const SCHEDULER = ['scheduler', '--skip-serve-logs'];

/** An Airflow in one pod whose files, the database with them, are lost when the pod goes. */
export function airflowManifests(options: AirflowPodOptions): object[] {
  const { namespace, name, hostVolumes } = options;
  const metadata = { name, namespace, labels: LABELS };
  const selector = { component: LABELS.component };
  return [
    ...hostVolumes.flatMap((volume) => hostVolumeManifests(namespace, volume)),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector, ports: [{ port: AIRFLOW_PORT, targetPort: AIRFLOW_PORT }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selector },
        template: { metadata: { labels: LABELS }, spec: podOf(options) },
      },
    },
  ];
}

function podOf(options: AirflowPodOptions): object {
  const { environment, mount, hostVolumes } = options;
  const { major, pluginPath } = environment.generation;
  const readinessProbe = {
    httpGet: { path: `${pluginPath}/health`, port: AIRFLOW_PORT },
    periodSeconds: 2,
    timeoutSeconds: 5,
  };
  return {
    securityContext: {
      runAsNonRoot: true,
      runAsUser: AIRFLOW_USER,
      runAsGroup: 0,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 2,
    initContainers: [initContainer(options)],
    containers: [
      { ...container(options, 'web', WEB[major]), readinessProbe },
      container(options, 'scheduler', SCHEDULER),
      ...(major === 3 ? [container(options, 'dag-processor', ['dag-processor'])] : []),
    ],
    volumes: [
      { name: 'home', emptyDir: {} },
      { name: 'tmp', emptyDir: {} },
      ...hostVolumes.map((volume) => volumeOf(volume)),
      ...mount.volumes,
    ],
  };
}

const HOME = layoutOf('/opt/airflow');

function initContainer({ template, hostVolumes }: AirflowPodOptions): object {
  const { dagsFolder, logs, workingDirectory, database } = HOME;
  const script = `mkdir ${dagsFolder} ${logs} ${workingDirectory} && cp ${template.database} ${database}`;
  return {
    name: 'database',
    image: AIRFLOW_IMAGE,
    command: ['sh', '-c', script],
    env: [{ name: 'PATH', value: '/usr/bin' }],
    securityContext: RESTRICTED,
    volumeMounts: [
      { name: 'home', mountPath: HOME.home },
      ...hostVolumes.map((volume) => volumeMountOf(volume)),
    ],
  };
}

const RESTRICTED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
/** Of all processes of an Airflow, old and new pods. */
const SECRET = newSecret();

function container(options: AirflowPodOptions, name: string, args: readonly string[]): object {
  const { environment, mount, hostVolumes } = options;
  const variables = {
    ...airflowSettings(environment.generation, HOME, `http://127.0.0.1:${AIRFLOW_PORT}`, SECRET),
    ...TIMES,
    // As in the charts of OpenMetadata.
    AIRFLOW__OPENMETADATA_AIRFLOW_APIS__DAG_GENERATED_CONFIGS: HOME.dagsFolder,
    PATH: `${environment.bin}:/usr/bin:/bin`,
    VIRTUAL_ENV: environment.directory,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  return {
    name,
    image: AIRFLOW_IMAGE,
    command: [`${environment.bin}/airflow`, ...args],
    workingDir: HOME.workingDirectory,
    env: [...Object.entries(variables).map(([key, value]) => ({ name: key, value })), ...mount.env],
    securityContext: RESTRICTED,
    volumeMounts: [
      { name: 'home', mountPath: HOME.home },
      { name: 'tmp', mountPath: '/tmp' },
      ...hostVolumes.map((volume) => volumeMountOf(volume)),
      ...mount.volumeMounts,
    ],
  };
}
