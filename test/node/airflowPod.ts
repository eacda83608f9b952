import { join } from 'node:path';
import type { Dag } from '../../src/domain/dag.ts';
import { type AirflowEnvironment, ensureAirflowEnvironment } from '../airflow/environment.ts';
import type { Generation } from '../airflow/generations.ts';
import { ADMIN, ensureTemplate } from '../airflow/home.ts';
import { withAirflow } from '../contract/subject.ts';
import type { Resources } from '../harness/resources.ts';
import { eventually } from '../support/eventually.ts';
import type { Progress } from '../support/progress.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';
import { AIRFLOW_PORT, airflowManifests } from './airflowManifests.ts';
import type { HostVolume } from './hostVolume.ts';
import type { MountSnippet } from './mountSnippet.ts';

const PODS = '--selector=component=api-server';
const PATIENCE = { timeoutMs: 240_000, intervalMs: 1_000 };

export interface AirflowPlace {
  readonly namespace: string;
  /** Of Deployment and Service. */
  readonly name: string;
  readonly mount: MountSnippet;
  /** A directory of this machine with what the pipelines read. */
  readonly data: string;
}

/** An Airflow in a pod. */
export interface AirflowPod {
  /** Nothing when it has none of this id. */
  dag(dagId: string): Promise<Dag | undefined>;
  /** So many deploys it accepted since its pod began. */
  deploys(): Promise<number>;
  /** Takes the pod away with its volume; fulfilled when the next one is ready. */
  lose(): Promise<void>;
  /** Ends it for good. */
  remove(): Promise<void>;
}

/** Fulfilled when the pod is ready. */
export async function startAirflowPod(
  resources: Resources,
  generation: Generation,
  place: AirflowPlace,
  progress: Progress,
): Promise<AirflowPod> {
  const environment = await ensureAirflowEnvironment(generation, progress);
  const template = await ensureTemplate(environment, progress);
  const hostVolumes = [...(await directoriesOf(environment)), { name: 'data', path: place.data }];
  const manifests = airflowManifests({ environment, ...place, hostVolumes, template });
  const deployment = `deployment/${place.name}`;
  const inNamespace = `--namespace=${place.namespace}`;

  async function untilReady(): Promise<void> {
    const status = ['rollout', 'status', deployment, inNamespace, '--timeout=30s'];
    await eventually(() => resources.kubectl(...status), PATIENCE);
  }

  await progress.step(`starting the pod of Airflow ${generation.airflow}`, async () => {
    await resources.apply(...manifests);
    await untilReady();
  });
  return {
    async dag(dagId) {
      const address = await resources.kubectl(
        'get',
        'pods',
        inNamespace,
        PODS,
        '--output=jsonpath={.items[0].status.podIP}',
      );
      const subject = { url: `http://${address}:${AIRFLOW_PORT}`, ...ADMIN };
      return withAirflow(subject, (airflow, signal) => airflow.getDag(dagId, signal));
    },
    async deploys() {
      const log = await resources.kubectl('logs', inNamespace, PODS, '--container=web', '--tail=-1');
      // Airflow 2 tells the status as `HTTP/1.1" 200`, Airflow 3 as `status_code=200`.
      return log.match(/\bPOST \S*\/openmetadata\/deploy .*(?:HTTP\/1\.1" |status_code=)200/g)?.length ?? 0;
    },
    async lose() {
      await resources.kubectl('delete', 'pods', inNamespace, PODS, '--grace-period=1');
      await untilReady();
    },
    async remove() {
      await resources.kubectl('delete', deployment, inNamespace, '--cascade=foreground');
    },
  };
}

/** The environment, the Python that it was made of, and the libraries of both. */
async function directoriesOf({ directory, bin }: AirflowEnvironment): Promise<HostVolume[]> {
  const script = 'import sys; print(sys.base_prefix)';
  const python = (await runCommandOrThrow(join(bin, 'python'), ['-I', '-c', script])).trim();
  const volumes = [
    { name: 'usr', path: '/usr' },
    { name: 'environment', path: directory },
  ];
  return python.startsWith('/usr') ? volumes : [...volumes, { name: 'python', path: python }];
}
