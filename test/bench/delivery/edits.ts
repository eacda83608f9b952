import { setTimeout as sleep } from 'node:timers/promises';
import { conditionOf } from '../../harness/expectations.ts';
import { pipelineManifest } from '../../harness/manifests.ts';
import { openDagTable } from './dagTable.ts';
import { dagIdOf, NAMESPACE, type Site } from './site.ts';

const LONGEST_MS = 300_000;
const LOOK_EVERY_MS = 250;
/** Lets the polls of the operator come at any point of their period. */
const PAUSE_MS = 7_000;

/** How long a change of one pipeline took to be the configuration that Airflow has. Seconds. */
export interface Edit {
  /** From the change until it stands in the ConfigMap; only where documents are mounted. */
  readonly toDocument?: number;
  /** From the change, or from the update of the mounted directory, until Airflow shows the new mark. */
  readonly toAirflow: number;
  /** False where it had not come after five minutes; then these are what `toAirflow` tells. */
  readonly hasCome: boolean;
}

export interface EditOptions {
  readonly count: number;
  /** Called after each change; gives the moment at which the mounted directory was updated with it. */
  update?(dagId: string): Promise<number>;
}

/** Changes some pipelines, one after the other. */
export async function measureEdits(site: Site, { count, update }: EditOptions): Promise<Edit[]> {
  const edits: Edit[] = [];
  const ready = (await site.cluster.pipelines()).filter(
    (pipeline) => conditionOf(pipeline, 'Ready')?.status === 'True',
  );
  for (const { metadata } of ready.slice(0, count)) {
    await sleep(PAUSE_MS);
    edits.push(await measureEdit(site, metadata.name, update));
  }
  return edits;
}

async function measureEdit(site: Site, name: string, update: EditOptions['update']): Promise<Edit> {
  const dagId = dagIdOf(name);
  const table = openDagTable(site.airflow.database);
  try {
    const before = table.row(dagId)?.description;
    const started = Date.now();
    const sourceConfig = { config: { includeViews: false } };
    await site.cluster.apply(pipelineManifest({ namespace: NAMESPACE, name }, { sourceConfig }));
    const updated = await update?.(dagId);
    const begin = updated ?? started;
    function hasCome(): boolean {
      return table.row(dagId)?.description !== before;
    }
    while (!hasCome() && Date.now() < begin + LONGEST_MS) await sleep(LOOK_EVERY_MS);
    const toAirflow = (Date.now() - begin) / 1000;
    const edit = { toAirflow, hasCome: hasCome() };
    return updated === undefined ? edit : { ...edit, toDocument: (updated - started) / 1000 };
  } finally {
    table.close();
  }
}
