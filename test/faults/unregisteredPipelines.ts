import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineCase } from './case.ts';
import { namespace } from './faultWorld.ts';

const name = 'unregistered';

/** What it says for as long as the scheduler may take, after each deploy. */
export const awaitingRegistration = {
  name,
  finding: {
    type: 'Deployed',
    status: 'Unknown',
    reason: 'AwaitingRegistration',
    message: /Airflow has accepted the deploy; its scheduler has not registered the DAG yet/,
  },
} as const;

/**
 * Deployed and never registered. Stopping the scheduler would not do: the plugin's web server registers what it deploys by
 * itself, as long as it finds the file.
 */
export const unregisteredPipelines: readonly PipelineCase[] = [
  {
    name,
    situation: 'Airflow takes the deploy and its scheduler never reads the file',
    async arrange({ airflow }) {
      const ignoreFile = join(airflow.dagsFolder, '.airflowignore');
      await writeFile(ignoreFile, `${namespace}_${name}\n`);
      return { mend: () => rm(ignoreFile) };
    },
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'RegistrationTimeout',
      message:
        /scheduler did not register it in time\. See that the scheduler \(or DAG processor\) runs and shares/,
    },
  },
];
