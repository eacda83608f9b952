import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { AirflowChart } from '../../src/domain/mountValues.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';

/** What the values for Airflow's chart become in a pod of Airflow. */
export interface MountSnippet {
  readonly volumes: readonly object[];
  readonly volumeMounts: readonly object[];
  readonly env: readonly object[];
}

const ROOT = join(import.meta.dirname, '..', '..');
const Objects = z.array(z.looseObject({}));
const Official = z.object({
  airflow: z.object({
    volumes: Objects,
    volumeMounts: Objects,
    secret: z.array(z.object({ envName: z.string(), secretName: z.string(), secretKey: z.string() })),
  }),
});
const Community = z.object({
  airflow: z.object({
    airflow: z.object({ extraVolumes: Objects, extraVolumeMounts: Objects, extraEnv: Objects }),
  }),
});

/** As `npm run mount-values` prints it. */
export async function mountSnippet(chart: AirflowChart, args: readonly string[]): Promise<MountSnippet> {
  const command = ['run', '--silent', 'mount-values', '--', `--chart=${chart}`, ...args];
  const printed: unknown = parse(await runCommandOrThrow('npm', command, { cwd: ROOT }));
  if (chart === 'community') {
    const { extraVolumes, extraVolumeMounts, extraEnv } = Community.parse(printed).airflow.airflow;
    return { volumes: extraVolumes, volumeMounts: extraVolumeMounts, env: extraEnv };
  }
  const { volumes, volumeMounts, secret } = Official.parse(printed).airflow;
  const env = secret.map(({ envName, secretName, secretKey }) => ({
    name: envName,
    valueFrom: { secretKeyRef: { name: secretName, key: secretKey } },
  }));
  return { volumes, volumeMounts, env };
}
