import { z } from 'zod';
import type { Cluster } from './cluster.ts';

const ConfigMaps = z.object({
  items: z.array(z.object({ data: z.record(z.string(), z.string()).default({}) })),
});

/** The ids of the DAGs whose documents stand in the ConfigMaps of a namespace. */
export async function documentsIn(cluster: Cluster, namespace: string): Promise<string[]> {
  return [...(await documentTextsIn(cluster, namespace)).keys()];
}

/** The documents in the ConfigMaps of a namespace, by the ids of their DAGs. */
export async function documentTextsIn(cluster: Cluster, namespace: string): Promise<Map<string, string>> {
  const selector = '--selector=app.kubernetes.io/component=pipeline-documents';
  const json = await cluster.kubectl('get', 'configmaps', `--namespace=${namespace}`, selector, '-o=json');
  const documents = new Map<string, string>();
  for (const { data } of ConfigMaps.parse(JSON.parse(json)).items) {
    for (const [key, text] of Object.entries(data)) {
      const [, dagId] = /^\d\d-(.+)\.json$/.exec(key) ?? [];
      if (dagId !== undefined) documents.set(dagId, text);
    }
  }
  return documents;
}
