import { temporaryDirectory } from '../support/temporaryDirectory.ts';
import { showArrivals } from './arrivals.ts';
import { showFailure } from './failure.ts';
import { showWhatNext } from './farewell.ts';
import { type DemoOptions, readOptions, WrongUsage } from './options.ts';
import { type CleanUps, type Parts, startParts } from './parts.ts';
import { Screen } from './screen.ts';
import { applyClient, applyPipeline, runPipeline } from './story.ts';

const EXIT_FAILED = 1;
const EXIT_WRONG_USAGE = 2;

/** From a manifest to a run, on real parts; only the OpenMetadata server is a stand-in. Returns the exit code. */
async function main(options: DemoOptions): Promise<number> {
  const screen = new Screen(process.stdout);
  const home = temporaryDirectory('ingestion-demo', options.keep);
  const cleanUps: CleanUps = [() => home.remove()];
  let parts: Parts | undefined;
  try {
    introduce(options, screen);
    parts = await startParts(options, home, screen, cleanUps);
    await tell(parts, screen);
    if (!options.once) await stayUp(parts, screen);
    return 0;
  } catch (error) {
    await showFailure(error, parts, screen);
    return EXIT_FAILED;
  } finally {
    if (options.keep) screen.print(`\nData and logs stay in ${home.path}.`);
    await stopAll(cleanUps, screen);
    screen.print(`\nThe end, after ${screen.elapsed()}.`);
  }
}

function introduce({ generation, once }: DemoOptions, screen: Screen): void {
  const { airflow, openMetadata } = generation;
  screen.print(`${screen.style('bold', 'openmetadata-ingestion-operator')}: from a manifest to a run

A real Kubernetes API server and a real Airflow ${airflow} with the managed APIs of OpenMetadata ${openMetadata} run on this
machine. Only the OpenMetadata server is a stand-in, and the database is an SQLite file.${once ? '' : ' Ctrl-C stops everything.'}`);
  screen.heading('1. Kubernetes, Airflow and the operator');
}

async function tell(parts: Parts, screen: Screen): Promise<void> {
  screen.heading('2. A client: how to reach Airflow and OpenMetadata');
  await applyClient(parts, screen);
  screen.heading('3. A pipeline');
  await applyPipeline(parts, screen);
  screen.heading('4. A run, on request');
  await runPipeline(parts, screen);
  screen.heading('5. What arrived at OpenMetadata');
  showArrivals(parts.openMetadata, screen);
  screen.heading('6. What kubectl shows');
  await parts.kubectl.show('get', 'ingestionpipelines');
  await parts.kubectl.show('get', 'pipelineserviceclients');
}

async function stayUp(parts: Parts, screen: Screen): Promise<void> {
  showWhatNext(parts, screen);
  screen.print('\nCtrl-C stops everything.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

async function stopAll(cleanUps: CleanUps, screen: Screen): Promise<void> {
  await screen.step('stopping everything', async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });
}

async function run(): Promise<number> {
  try {
    return await main(readOptions(process.argv.slice(2)));
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    process.stderr.write(error.message);
    return EXIT_WRONG_USAGE;
  }
}

// After a failure, parts that were starting beside the one that failed may still be on their way.
process.exit(await run());
