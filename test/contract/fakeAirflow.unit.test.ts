import { afterAll, beforeAll, describe, test } from 'vitest';
import type { AirflowGeneration } from '../fakes/airflow/fakeAirflow.ts';
import { startFakeAirflow } from '../fakes/airflow/startFakeAirflow.ts';
import { startOpenMetadata } from '../openmetadata/standIn.ts';
import { airflowContract } from './airflowContract.ts';
import type { Subject } from './subject.ts';

const token = 'the-token-of-the-ingestion-bot';
const versions = { '2.7.3': '1.3.3', '2.10.5': '1.10.2', '3.3.0': '2.0.5' } as const;
const generations: readonly AirflowGeneration[] = ['2.7.3', '2.10.5', '3.3.0'];

describe.each(generations)('the fake of Airflow %s', (generation) => {
  let subject: Subject;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const openMetadataVersion = versions[generation];
    const openMetadata = await startOpenMetadata({ version: openMetadataVersion, token });
    const airflow = await startFakeAirflow({
      generation,
      openMetadata: 'ask',
      registrationDelayMilliseconds: 50,
      deployLatencyMilliseconds: 80,
      requireCsrf: true,
    });
    const { id, name } = openMetadata.addService('databaseServices', { name: 'shop', serviceType: 'SQLite' });
    subject = {
      generation,
      url: airflow.url,
      username: airflow.username,
      password: airflow.password,
      openMetadata,
      openMetadataVersion,
      token,
      service: { id, name },
      createUser: async (username, password) => airflow.addUser(username, password, ['can_read']),
      pauseByHand: async (dagId, paused) => airflow.pauseByHand(dagId, paused),
      breakDagFile: async (dagId, text) => airflow.setImportError(dagId, `Traceback\nRuntimeError: ${text}`),
      patienceMilliseconds: 2_000,
    };
    stop = async () => {
      await airflow.stop();
      await openMetadata.stop();
    };
  });

  afterAll(() => stop());

  test.each(airflowContract)('$sentence', ({ run }) => run(subject));
});
