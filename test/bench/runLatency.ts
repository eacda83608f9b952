import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeAirflow } from '../fakes/airflow/fakeAirflow.ts';
import { eventually } from '../support/eventually.ts';
import { tellFigure } from '../support/figures.ts';
import type { WatchedRuns } from './watchedRuns.ts';

/** Within so many milliseconds the runs of a wave end, one by one. */
const WAVE = 120_000;
/** How long a lone run lasts. */
const LONE_RUN = 2_000;
const PATIENCE = { timeoutMs: 120_000, intervalMs: 100 };

interface EndedRun {
  readonly dagId: string;
  readonly runId: string;
  readonly endedAt: number;
}

/** Runs that start together, as those of one schedule do, and end at random times. */
export async function measureRunWave(
  airflow: FakeAirflow,
  watched: WatchedRuns,
  dagIds: readonly string[],
): Promise<void> {
  const runs = dagIds.map((dagId) => ({ dagId, runId: airflow.startScheduledRun(dagId) }));
  await sleep(35_000);
  const ended = await Promise.all(
    runs.map(async (run) => {
      await sleep(Math.random() * WAVE);
      return endRun(airflow, run);
    }),
  );
  tellLatencies(`of ${runs.length} runs`, await latencies(watched, ended));
}

/** Runs that nobody expects, one after the other: the operator is in its slowest pace when each starts. */
export async function measureLoneRuns(
  airflow: FakeAirflow,
  watched: WatchedRuns,
  dagIds: readonly string[],
): Promise<void> {
  const found: number[] = [];
  for (const dagId of dagIds) {
    await sleep(20_000 * Math.random());
    const runId = airflow.startScheduledRun(dagId);
    await sleep(LONE_RUN);
    found.push(...(await latencies(watched, [endRun(airflow, { dagId, runId })])));
  }
  tellLatencies(`of ${found.length} lone unexpected runs of ${LONE_RUN / 1000} s`, found);
}

function endRun(airflow: FakeAirflow, { dagId, runId }: Omit<EndedRun, 'endedAt'>): EndedRun {
  airflow.finishRun(dagId, 'success', runId);
  return { dagId, runId, endedAt: Date.now() };
}

async function latencies(watched: WatchedRuns, runs: readonly EndedRun[]): Promise<number[]> {
  return Promise.all(
    runs.map(({ dagId, runId, endedAt }) =>
      eventually(() => {
        const seenAt = watched.seenAt(runId, dagId);
        if (seenAt === undefined) {
          throw new Error(`run ${runId} of ${dagId} has not appeared on its resource`);
        }
        return seenAt - endedAt;
      }, PATIENCE),
    ),
  );
}

function tellLatencies(subject: string, milliseconds: readonly number[]): void {
  const sorted = milliseconds.toSorted((left, right) => left - right);
  function at(share: number): string {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
    return `${(value / 1000).toFixed(2)} s`;
  }
  tellFigure(
    `run finished to on the resource, ${subject}`,
    `p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`,
  );
}
