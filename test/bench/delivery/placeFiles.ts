import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANNOTATIONS } from '../../../src/api/group.ts';
import { documentTextsIn } from '../../harness/documents.ts';
import { conditionOf } from '../../harness/expectations.ts';
import { dagIdOf, NAMESPACE, type Site } from './site.ts';
import { WARM_UP } from './warmUp.ts';

/** kubectl changes one object after another, and may take a minute. */
const BATCH = 100;

/**
 * Puts into the DAGs folder what the plugin would have written for the pipelines that were not deployed in time: the file
 * that it made for the warm-up, with the other's id, and the operator's document. No more than make so many files in all.
 */
export async function placeFiles(site: Site, files: number): Promise<void> {
  const { dagsFolder, generatedConfigs } = site.airflow;
  const sample = dagIdOf(WARM_UP);
  const text = readFileSync(join(dagsFolder, `${sample}.py`), 'utf8');
  for (const [dagId, document] of await documentTextsIn(site.cluster, NAMESPACE)) {
    const file = join(dagsFolder, `${dagId}.py`);
    if (existsSync(file)) continue;
    if (countDagFiles(dagsFolder) >= files) return;
    writeFileSync(join(generatedConfigs, `${dagId}.json`), document);
    writeFileSync(file, text.replaceAll(`${sample}.json`, `${dagId}.json`));
  }
}

export function countDagFiles(folder: string): number {
  return readdirSync(folder).filter((name) => name.endsWith('.py')).length;
}

/** Lets the operator have nothing more to do with the pipelines that are not Ready. */
export async function leaveAlone({ cluster }: Site): Promise<void> {
  const waiting = (await cluster.pipelines()).filter(
    (pipeline) => conditionOf(pipeline, 'Ready')?.status !== 'True',
  );
  const names = waiting.map(({ metadata }) => metadata.name);
  const annotation = `${ANNOTATIONS.paused}=true`;
  for (let begin = 0; begin < names.length; begin += BATCH) {
    const batch = names.slice(begin, begin + BATCH);
    await cluster.kubectl('annotate', 'ingestionpipeline', '--namespace', NAMESPACE, ...batch, annotation);
  }
}
