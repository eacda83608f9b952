import { join, relative } from 'node:path';
import { ANNOTATIONS } from '../../src/api/group.ts';
import type { RunSummary } from '../../src/api/ingestionPipeline.ts';
import { writeClientOverlay } from './clientManifest.ts';
import { conditionOf, followPipeline } from './followPipeline.ts';
import { type Parts, ROOT } from './parts.ts';
import type { Screen } from './screen.ts';

const CLIENT = 'airflow';
export const PIPELINE = 'shop-metadata';
const READY_SECONDS = 120;
const RUN_SECONDS = 240;

/** The path of an example as one would type it. */
export function example(name: string): string {
  return relative(process.cwd(), join(ROOT, 'examples', name));
}

export async function applyClient(parts: Parts, screen: Screen): Promise<void> {
  const { airflow, openMetadata, botToken, directory, kubectl } = parts;
  const overlay = writeClientOverlay(join(ROOT, 'examples', 'client.yaml'), directory, {
    apiEndpoint: airflow.url,
    metadataApiEndpoint: openMetadata.url,
    airflowPassword: airflow.password,
    botToken,
  });
  await kubectl.show('apply', '-k', overlay);
  await screen.step(`waiting for PipelineServiceClient ${CLIENT} to be Ready`, () =>
    kubectl.quietly(
      'wait',
      '--for=condition=Ready',
      `pipelineserviceclient/${CLIENT}`,
      `--timeout=${READY_SECONDS}s`,
    ),
  );
}

export async function applyPipeline({ kubectl }: Parts, screen: Screen): Promise<void> {
  await kubectl.show('apply', '-f', example('metadata.yaml'));
  await screen.step(`waiting for IngestionPipeline ${PIPELINE} to be Ready`, async (report) => {
    await followPipeline(kubectl, PIPELINE, {
      timeoutSeconds: READY_SECONDS,
      isEnough: (status) => {
        const stalled = conditionOf(status, 'Stalled');
        if (stalled !== undefined) throw new Error(`${stalled.reason}: ${stalled.message}`);
        const ready = conditionOf(status, 'Ready');
        if (ready !== undefined) report(ready.reason);
        return ready?.status === 'True';
      },
    });
  });
}

/** Asks for a run as a person would, and follows it to its end. */
export async function runPipeline({ kubectl }: Parts, screen: Screen): Promise<RunSummary> {
  const request = new Date().toISOString();
  await kubectl.show(
    'annotate',
    'ingestionpipeline',
    PIPELINE,
    `${ANNOTATIONS.runRequestedAt}=${request}`,
    '--overwrite',
  );
  const { lastRun } = await screen.step('following the run', (report) =>
    followPipeline(kubectl, PIPELINE, {
      timeoutSeconds: RUN_SECONDS,
      isEnough: ({ lastHandledRunRequest, lastRun: run }) => {
        if (lastHandledRunRequest !== request || run === undefined) return false;
        report(run.state);
        return run.state === 'success' || run.state === 'failed';
      },
    }),
  );
  if (lastRun?.state !== 'success') throw new Error(`run ${lastRun?.runId} ended with ${lastRun?.state}`);
  return lastRun;
}
