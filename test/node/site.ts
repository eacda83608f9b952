import { join } from 'node:path';
import type { Generation } from '../airflow/generations.ts';
import { ADMIN } from '../airflow/home.ts';
import { namespaceManifest, secretManifest } from '../harness/manifests.ts';
import type { Resources } from '../harness/resources.ts';
import type { OpenMetadataStandIn } from '../openmetadata/standIn.ts';
import type { Progress } from '../support/progress.ts';
import { type AirflowPod, startAirflowPod } from './airflowPod.ts';
import type { MountSnippet } from './mountSnippet.ts';
import type { Node } from './node.ts';
import { startOpenMetadataService } from './openMetadataService.ts';

export interface SiteOptions {
  readonly namespace: string;
  readonly generation: Generation;
  /** Of the Service in front of Airflow. */
  readonly airflowName: string;
  /** Of OpenMetadata's bot. */
  readonly token: string;
  readonly mount: MountSnippet;
}

/** A namespace, in which only restricted pods may run, with an Airflow and an OpenMetadata as their charts name them. */
export interface Site {
  readonly openMetadata: OpenMetadataStandIn;
  startAirflow(): Promise<AirflowPod>;
}

/** With the Secrets of these charts. */
export async function createSite(
  node: Node,
  resources: Resources,
  progress: Progress,
  { namespace, generation, airflowName, token, mount }: SiteOptions,
): Promise<Site> {
  const { hostAddress } = node;
  const data = join(node.directory, 'data', namespace);
  await resources.apply(
    namespaceManifest(namespace, { 'pod-security.kubernetes.io/enforce': 'restricted' }),
    secretManifest(
      { namespace, name: 'airflow-secrets' },
      { 'openmetadata-airflow-password': ADMIN.password },
    ),
    secretManifest({ namespace, name: 'openmetadata-bot' }, { token }),
  );
  const version = generation.openMetadata;
  return {
    openMetadata: await startOpenMetadataService(resources, { namespace, version, token, hostAddress, data }),
    startAirflow: () =>
      startAirflowPod(resources, generation, { namespace, name: airflowName, mount, data }, progress),
  };
}
