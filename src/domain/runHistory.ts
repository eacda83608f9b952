import type { IngestionPipelineStatus, RunSummary } from '../api/ingestionPipeline.ts';
import { toKubernetesTime } from './conditions.ts';
import type { DagRun } from './dagRun.ts';

export type RunHistory = Required<Pick<IngestionPipelineStatus, 'activeRuns' | 'consecutiveFailures'>> &
  Pick<IngestionPipelineStatus, 'lastRun' | 'recentRuns' | 'lastSuccessfulTime'>;

/**
 * Adds what Airflow tells now to what the status knows. Runs that Airflow has forgotten stay until newer ones push them
 * out; the end of a run counts once, when it is first seen.
 */
export function updateRunHistory(
  known: IngestionPipelineStatus,
  dagRuns: readonly DagRun[],
  limit: number,
): { readonly history: RunHistory; readonly newlyEnded: readonly RunSummary[] } {
  const runs = dagRuns.map(summarise);
  const newlyEnded = findNewlyEnded(knownRuns(known), runs);
  const merged = mergeNewestFirst(knownRuns(known), runs);
  const history = {
    lastRun: merged[0],
    recentRuns: merged.slice(0, limit),
    lastSuccessfulTime: newlyEnded.findLast(hasSucceeded)?.endTime ?? known.lastSuccessfulTime,
    consecutiveFailures: newlyEnded.reduce(
      (count, run) => (hasSucceeded(run) ? 0 : count + 1),
      known.consecutiveFailures ?? 0,
    ),
    activeRuns: runs.filter((run) => !hasEnded(run)).length,
  };
  return { history, newlyEnded };
}

/** The newest run that has ended, which is what LastRunSucceeded speaks of. */
export function lastEndedRun(runs: readonly RunSummary[]): RunSummary | undefined {
  return runs.find(hasEnded);
}

export function hasEnded(run: Pick<RunSummary, 'state'>): boolean {
  return run.state === 'success' || run.state === 'failed';
}

function hasSucceeded(run: RunSummary): boolean {
  return run.state === 'success';
}

function knownRuns({ recentRuns, lastRun }: IngestionPipelineStatus): RunSummary[] {
  return [...(recentRuns ?? []), ...(lastRun === undefined ? [] : [lastRun])];
}

function findNewlyEnded(known: readonly RunSummary[], runs: readonly RunSummary[]): RunSummary[] {
  const active = new Set(known.filter((run) => !hasEnded(run)).map(({ runId }) => runId));
  const watermark = Math.max(0, ...known.filter(hasEnded).map(endOf));
  return runs
    .filter((run) => hasEnded(run) && (active.has(run.runId) || endOf(run) > watermark))
    .toSorted((left, right) => endOf(left) - endOf(right));
}

function mergeNewestFirst(known: readonly RunSummary[], runs: readonly RunSummary[]): RunSummary[] {
  const byId = new Map([...known, ...runs].map((run) => [run.runId, run]));
  return [...byId.values()].toSorted((left, right) => startOf(right) - startOf(left));
}

function summarise(run: DagRun): RunSummary {
  const start = run.startTime === undefined ? undefined : Date.parse(run.startTime);
  const end = run.endTime === undefined ? undefined : Date.parse(run.endTime);
  return {
    runId: run.runId,
    state: run.state,
    trigger: run.trigger,
    startTime: start === undefined ? undefined : toKubernetesTime(start),
    endTime: end === undefined ? undefined : toKubernetesTime(end),
    durationSeconds:
      start === undefined || end === undefined ? undefined : Math.round((end - start) / 100) / 10,
  };
}

function endOf(run: RunSummary): number {
  return run.endTime === undefined ? 0 : Date.parse(run.endTime);
}

/** A run that has not started is newer than any that has. */
function startOf(run: RunSummary): number {
  return run.startTime === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(run.startTime);
}
