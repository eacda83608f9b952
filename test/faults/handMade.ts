import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { basicAuthorization, postJson } from '../airflow/http.ts';
import type { FaultWorld } from './faultWorld.ts';

/** Deploys the document of the DAG once more, described by somebody else, as OpenMetadata's own UI does. */
export async function editByHand({ airflow }: FaultWorld, dagId: string): Promise<void> {
  const file = join(airflow.generatedConfigs, `${dagId}.json`);
  const document: unknown = JSON.parse(await readFile(file, 'utf8'));
  const edited = { ...(typeof document === 'object' && document), description: 'Edited by hand.' };
  const url = `${airflow.url}${airflow.generation.pluginPath}/deploy`;
  await postJson(url, edited, { authorization: basicAuthorization(airflow) });
}

/** Makes the DAG's file fail with this text; the answer puts it right again. */
export async function breakDag(world: FaultWorld, dagId: string, text: string): Promise<() => Promise<void>> {
  const file = join(world.airflow.dagsFolder, `${dagId}.py`);
  const whole = await readFile(file, 'utf8');
  await world.real.subject.breakDagFile(dagId, text);
  return () => writeFile(file, whole);
}

/** Whether Airflow has it, as its own REST API says. */
export async function hasDag({ airflow }: FaultWorld, dagId: string): Promise<boolean> {
  const url = `${airflow.url}${airflow.generation.coreApiPath}/dags/${dagId}`;
  const { status } = await fetch(url, { headers: { authorization: basicAuthorization(airflow) } });
  if (status !== 200 && status !== 404) {
    throw new Error(`Airflow answered ${status} to the question for ${dagId}`);
  }
  return status === 200;
}
