import type { JsonObject } from './json.ts';
import { shardName } from './naming.ts';

/** Where Airflow's containers see the shards, in the images of Airflow and of OpenMetadata. */
const MOUNT_PATH = '/opt/airflow/dags/dag_generated_configs';
const VOLUME = 'dag-generated-configs';

/**
 * The two charts of Airflow inside the chart `openmetadata-dependencies`: `official` from its version 1.11.3 on,
 * `community` up to 1.11.2.
 */
export const airflowCharts = ['official', 'community'] as const;
export type AirflowChart = (typeof airflowCharts)[number];

export interface MountValuesInput {
  readonly chart: AirflowChart;
  /** `configMap.name` of the client. */
  readonly configMapName: string;
  /** `configMap.shards` of the client. */
  readonly shards: number;
  /** What Airflow's environment supplies: the token of `jwtTokenEnv`, and each `env` of `valuesFrom`. */
  readonly environment: readonly SecretVariable[];
}

export interface SecretVariable {
  readonly variable: string;
  /** Name of a Secret in Airflow's namespace. */
  readonly secret: string;
  readonly key: string;
}

/**
 * Values for the chart `openmetadata-dependencies` that mount a client's shards into every container of Airflow. One
 * projected volume without `subPath`, which would get no updates; all sources optional, so that Airflow starts before they
 * are there. Of Helm's lists only such are used that the chart leaves empty, as setting one replaces it.
 */
export function mountValues(input: MountValuesInput): JsonObject {
  switch (input.chart) {
    case 'official':
      return { airflow: officialValues(input) };
    case 'community':
      return { airflow: { airflow: communityValues(input) } };
    default:
      return input.chart satisfies never;
  }
}

function officialValues({ configMapName, shards, environment }: MountValuesInput): JsonObject {
  const secret = environment.map(({ variable, secret: secretName, key }) => ({
    envName: variable,
    secretName,
    secretKey: key,
  }));
  return {
    volumes: [volume(configMapName, shards)],
    volumeMounts: [VOLUME_MOUNT],
    ...(secret.length > 0 && { secret }),
  };
}

/** The chart's template of the KubernetesExecutor's pods takes these lists, too; in its own they would stand twice. */
function communityValues({ configMapName, shards, environment }: MountValuesInput): JsonObject {
  const extraEnv = environment.map(({ variable, secret, key }) => ({
    name: variable,
    valueFrom: { secretKeyRef: { name: secret, key } },
  }));
  return {
    extraVolumes: [volume(configMapName, shards)],
    extraVolumeMounts: [VOLUME_MOUNT],
    ...(extraEnv.length > 0 && { extraEnv }),
  };
}

const VOLUME_MOUNT = { name: VOLUME, mountPath: MOUNT_PATH, readOnly: true };

/** A Secret stands after the ConfigMap of its name: where both have a file, that is the one to be seen. */
function volume(configMapName: string, shards: number): JsonObject {
  const names = Array.from({ length: shards }, (_, index) => shardName(configMapName, index));
  const sources = names.flatMap((name) => [
    { configMap: { name, optional: true } },
    { secret: { name, optional: true } },
  ]);
  return { name: VOLUME, projected: { sources } };
}
