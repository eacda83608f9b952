import { readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentFor } from '../contract/document.ts';
import { withAirflow } from '../contract/subject.ts';
import type { AirflowSite } from './airflowSite.ts';
import { coreAuthorization } from './realAirflow.ts';

/** What people, and accidents, do to an Airflow behind the operator's back. */
export interface OtherHands {
  /** As the OpenMetadata UI does: files and rows. */
  deleteThroughPlugin(dagId: string): Promise<void>;
  /** As the Airflow UI does: the rows only, so that the DAG comes back while its file is there. */
  deleteThroughCoreApi(dagId: string): Promise<void>;
  pause(dagId: string, paused: boolean): Promise<void>;
  /** As the OpenMetadata UI does: with another schedule, and without the operator's mark. */
  deployOver(dagId: string): Promise<void>;
  /** Makes the DAG's file fail with a traceback that ends in this text. */
  breakFile(dagId: string, text: string): Promise<void>;
  /** Undoes that. */
  mendFile(dagId: string): Promise<void>;
  /** Empties the DAGs folder and the folder of the generated configurations. */
  wipeVolume(): void;
}

export const STRANGE_SCHEDULE = '17 4 * * 2';

export function createOtherHands(site: AirflowSite): OtherHands {
  return {
    deleteThroughPlugin: (dagId) =>
      withAirflow(site.subject(), (airflow, signal) => airflow.remove(dagId, signal)),
    async deleteThroughCoreApi(dagId) {
      const airflow = site.airflow();
      const answer = await fetch(`${airflow.url}${airflow.generation.coreApiPath}/dags/${dagId}`, {
        method: 'DELETE',
        headers: { authorization: await coreAuthorization(airflow) },
      });
      if (!answer.ok) {
        throw new Error(`Airflow answered ${answer.status} to the deletion of ${dagId}`);
      }
    },
    pause: (dagId, paused) => site.subject().pauseByHand(dagId, paused),
    deployOver(dagId) {
      const airflowConfig = { scheduleInterval: STRANGE_SCHEDULE, pausePipeline: true };
      const document = documentFor(site.subject(), dagId, { airflowConfig });
      return withAirflow(site.subject(), (airflow, signal) => airflow.deploy(document, signal));
    },
    breakFile: (dagId, text) => site.subject().breakDagFile(dagId, text),
    async mendFile(dagId) {
      const file = join(site.airflow().dagsFolder, `${dagId}.py`);
      const [whole = ''] = (await readFile(file, 'utf8')).split('\nraise ');
      await writeFile(file, whole);
    },
    wipeVolume() {
      const { dagsFolder, generatedConfigs } = site.airflow();
      for (const folder of [dagsFolder, generatedConfigs]) {
        readdirSync(folder).forEach((name) => rmSync(join(folder, name), { recursive: true }));
      }
    },
  };
}
