import { z } from 'zod';
import type { Cluster } from './cluster.ts';

const ConfigMaps = z.object({
  items: z.array(z.object({ data: z.record(z.string(), z.string()).default({}) })),
});

/** The ids of the DAGs whose documents stand in the ConfigMaps of a namespace. */
export async function documentsIn(cluster: Cluster, namespace: string): Promise<string[]> {
  const selector = '--selector=app.kubernetes.io/component=pipeline-documents';
  const json = await cluster.kubectl('get', 'configmaps', `--namespace=${namespace}`, selector, '-o=json');
  return ConfigMaps.parse(JSON.parse(json)).items.flatMap(({ data }) =>
    Object.keys(data).flatMap((key) => /^\d\d-(.+)\.json$/.exec(key)?.[1] ?? []),
  );
}
