import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANNOTATIONS } from '../../../src/api/group.ts';
import { documentTextsIn } from '../../harness/documents.ts';
import { conditionOf } from '../../harness/expectations.ts';
import { dagIdOf, NAMESPACE, type Site } from './site.ts';
import { WARM_UP } from './warmUp.ts';

/**
 * Puts into the DAGs folder what the plugin would have written for the pipelines that were not deployed in time: the file
 * that it made for the warm-up, with the other's id, and the operator's document.
 */
export async function placeFiles(site: Site): Promise<void> {
  const { dagsFolder, generatedConfigs } = site.airflow;
  const sample = dagIdOf(WARM_UP);
  const text = readFileSync(join(dagsFolder, `${sample}.py`), 'utf8');
  for (const [dagId, document] of await documentTextsIn(site.cluster, NAMESPACE)) {
    const file = join(dagsFolder, `${dagId}.py`);
    if (existsSync(file)) continue;
    writeFileSync(join(generatedConfigs, `${dagId}.json`), document);
    writeFileSync(file, text.replaceAll(`${sample}.json`, `${dagId}.json`));
  }
}

/** Lets the operator have nothing more to do with the pipelines that are not Ready. */
export async function leaveAlone({ cluster }: Site): Promise<void> {
  const waiting = (await cluster.pipelines()).filter(
    (pipeline) => conditionOf(pipeline, 'Ready')?.status !== 'True',
  );
  if (waiting.length === 0) return;
  const names = waiting.map(({ metadata }) => metadata.name);
  const annotation = `${ANNOTATIONS.paused}=true`;
  await cluster.kubectl('annotate', 'ingestionpipeline', '--namespace', NAMESPACE, ...names, annotation);
}
