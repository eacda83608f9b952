import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type AirflowOptions, type RunningAirflow, startAirflow } from '../airflow/airflow.ts';
import type { Generation } from '../airflow/generations.ts';
import type { Subject } from '../contract/subject.ts';
import { startOpenMetadata } from '../openmetadata/standIn.ts';
import { terminalProgress } from '../support/progress.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';
import { addShop } from './shopDatabase.ts';

const Token = z.object({ access_token: z.string() });

/** A real Airflow with the stand-in for OpenMetadata and the database service `shop`. */
export interface RealAirflow {
  readonly airflow: RunningAirflow;
  readonly subject: Subject;
  stop(): Promise<void>;
}

export async function startRealAirflow(
  generation: Generation,
  token: string,
  options: Pick<AirflowOptions, 'environment' | 'heedsFileModes'> = {},
): Promise<RealAirflow> {
  const openMetadata = await startOpenMetadata({ version: generation.openMetadata, token });
  const directory = temporaryDirectory('shop');
  const service = addShop(openMetadata, directory.path);
  const airflow = await startAirflow(generation, { ...options, progress: terminalProgress() });
  return {
    airflow,
    subject: subjectOf(airflow, { openMetadata, token, service }),
    async stop() {
      await airflow.stop();
      await openMetadata.stop();
      directory.remove();
    },
  };
}

/** What to say to this Airflow, and as whom. */
export function subjectOf(
  airflow: RunningAirflow,
  around: Pick<Subject, 'openMetadata' | 'token' | 'service'>,
): Subject {
  const { generation } = airflow;
  return {
    ...around,
    generation: generation.airflow,
    url: airflow.url,
    username: airflow.username,
    password: airflow.password,
    openMetadataVersion: generation.openMetadata,
    createUser: (username, password, role) => airflow.createUser(username, password, role),
    pauseByHand: (dagId, paused) => pauseByHand(airflow, dagId, paused),
    breakDagFile: (dagId, text) =>
      appendFile(join(airflow.dagsFolder, `${dagId}.py`), `\nraise RuntimeError(${JSON.stringify(text)})\n`),
    patienceMilliseconds: 120_000,
  };
}

async function pauseByHand(airflow: RunningAirflow, dagId: string, paused: boolean): Promise<void> {
  const answer = await fetch(`${airflow.url}${airflow.generation.coreApiPath}/dags/${dagId}`, {
    method: 'PATCH',
    headers: { authorization: await coreAuthorization(airflow), 'content-type': 'application/json' },
    body: JSON.stringify({ is_paused: paused }),
  });
  if (!answer.ok) {
    throw new Error(`Airflow answered ${answer.status} to a change of the pause state of ${dagId}`);
  }
}

/** For calls to Airflow's own REST API. */
export async function coreAuthorization({
  generation,
  url,
  username,
  password,
}: RunningAirflow): Promise<string> {
  if (generation.major === 2) {
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  const answer = await fetch(`${url}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return `Bearer ${Token.parse(await answer.json()).access_token}`;
}
