import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RunningAirflow, startAirflow } from '../airflow/airflow.ts';
import { GENERATIONS } from '../airflow/generations.ts';
import { airflowContract } from '../contract/airflowContract.ts';
import type { Subject } from '../contract/subject.ts';
import { startOpenMetadata } from '../openmetadata/standIn.ts';
import { terminalProgress } from '../support/progress.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';

const token = 'the-token-of-the-ingestion-bot';
const Token = z.object({ access_token: z.string() });

describe.each(Object.values(GENERATIONS))('Airflow $airflow', (generation) => {
  let subject: Subject;
  const cleanUps: (() => Promise<void> | void)[] = [];

  beforeAll(async () => {
    const openMetadata = await startOpenMetadata({ version: generation.openMetadata, token });
    cleanUps.push(() => openMetadata.stop());
    const airflow = await startAirflow(generation, { progress: terminalProgress() });
    cleanUps.push(() => airflow.stop());
    const directory = temporaryDirectory('shop');
    cleanUps.push(() => directory.remove());
    const { id, name } = openMetadata.addService('databaseServices', {
      name: 'shop',
      serviceType: 'SQLite',
      connection: {
        config: { type: 'SQLite', databaseMode: createDatabase(directory.path), database: 'orders' },
      },
    });

    async function pauseByHand(dagId: string, paused: boolean): Promise<void> {
      const authorization = await coreAuthorization(airflow);
      const answer = await fetch(`${airflow.url}${generation.coreApiPath}/dags/${dagId}`, {
        method: 'PATCH',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ is_paused: paused }),
      });
      expect(answer.status).toBe(200);
    }

    subject = {
      generation: generation.airflow,
      url: airflow.url,
      username: airflow.username,
      password: airflow.password,
      openMetadata,
      openMetadataVersion: generation.openMetadata,
      token,
      service: { id, name },
      createUser: (username, password, role) => airflow.createUser(username, password, role),
      pauseByHand,
      breakDagFile: (dagId, text) =>
        appendFile(
          join(airflow.dagsFolder, `${dagId}.py`),
          `\nraise RuntimeError(${JSON.stringify(text)})\n`,
        ),
      patienceMilliseconds: 120_000,
    };
  });

  afterAll(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) {
      await cleanUp();
    }
  });

  test.each(airflowContract)('$sentence', ({ run }) => run(subject));
});

/** For calls to Airflow's own REST API. */
async function coreAuthorization({ generation, url, username, password }: RunningAirflow): Promise<string> {
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

/** A SQLite file with a table; returns its path. */
function createDatabase(directory: string): string {
  const file = join(directory, 'shop.db');
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)');
  database.close();
  return file;
}
