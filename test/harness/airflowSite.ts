import { type RunningAirflow, startAirflow } from '../airflow/airflow.ts';
import type { Generation } from '../airflow/generations.ts';
import { removeDatabase } from '../airflow/home.ts';
import type { Subject } from '../contract/subject.ts';
import { startOpenMetadata, type OpenMetadataStandIn } from '../openmetadata/standIn.ts';
import { freePort } from '../support/freePort.ts';
import { terminalProgress } from '../support/progress.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';
import { subjectOf } from './realAirflow.ts';
import { addShop } from './shopDatabase.ts';

/** One address at which one real Airflow after another answers, with the stand-in for OpenMetadata beside it. */
export interface AirflowSite {
  readonly openMetadata: OpenMetadataStandIn;
  /** The one that runs, or ran last. */
  airflow(): RunningAirflow;
  subject(): Subject;
  /** Stops the Airflow there is and starts one of this generation in its place, with nothing in it. */
  replace(generation: Generation): Promise<void>;
  /** Takes the database away from the Airflow there is, as `airflow db reset` does; the DAGs folder stays. */
  loseDatabase(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSite(first: Generation, token: string): Promise<AirflowSite> {
  const port = await freePort();
  const directory = temporaryDirectory('site');
  const openMetadata = await startOpenMetadata({ version: first.openMetadata, token });
  const service = addShop(openMetadata, directory.path);
  let airflow = await start(first);

  function start(generation: Generation): Promise<RunningAirflow> {
    const home = `${directory.path}/${generation.airflow}`;
    return startAirflow(generation, { directory: home, port, progress: terminalProgress() });
  }

  return {
    openMetadata,
    airflow: () => airflow,
    subject: () => subjectOf(airflow, { openMetadata, token, service }),
    async replace(generation) {
      await airflow.stop();
      airflow = await start(generation);
    },
    async loseDatabase() {
      await airflow.stop();
      removeDatabase(airflow.home);
      airflow = await start(airflow.generation);
    },
    async stop() {
      await airflow.stop();
      await openMetadata.stop();
      directory.remove();
    },
  };
}
