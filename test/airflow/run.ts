import { startOpenMetadata } from '../openmetadata/standIn.ts';
import { terminalProgress } from '../support/progress.ts';
import { startAirflow } from './airflow.ts';
import { GENERATIONS } from './generations.ts';

/** One generation of Airflow and the stand-in for OpenMetadata, for development: `node test/airflow/run.ts 3.3.0`. */
async function main(wanted: string | undefined): Promise<void> {
  const generation = Object.values(GENERATIONS).find((known) => known.airflow === wanted);
  if (generation === undefined) throw new Error(`usage: run.ts ${Object.keys(GENERATIONS).join(' | ')}`);
  const token = 'development';
  const openMetadata = await startOpenMetadata({ version: generation.openMetadata, token });
  const environment = { OPENMETADATA_JWT_TOKEN: token };
  const airflow = await startAirflow(generation, { environment, progress: terminalProgress() });
  process.stdout.write(
    [
      `Airflow      ${airflow.url} (${airflow.username} / ${airflow.password})`,
      `plugin       ${airflow.url}${generation.pluginPath}`,
      `AIRFLOW_HOME ${airflow.home}`,
      `OpenMetadata ${openMetadata.url} (token: ${token})`,
      'Ctrl-C stops both.',
      '',
    ].join('\n'),
  );
}

await main(process.argv[2]);
