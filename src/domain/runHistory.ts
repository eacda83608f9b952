import type { IngestionPipelineStatus, RunSummary } from '../api/ingestionPipeline.ts';
import { toKubernetesTime } from './conditions.ts';
import type { DagRun } from './dagRun.ts';

export type RunHistory = Required<Pick<IngestionPipelineStatus, 'activeRuns' | 'consecutiveFailures'>> &
  Pick<IngestionPipelineStatus, 'lastRun' | 'recentRuns' | 'lastSuccessfulTime'>;

export interface RunNews {
  readonly history: RunHistory;
  /** In the order of their ends. */
  readonly newlyEnded: readonly RunSummary[];
  /** The newest run that has ended, which is what LastRunSucceeded speaks of. */
  readonly lastEnded: RunSummary | undefined;
}

/**
 * Adds what Airflow tells now to what the status knows. Runs that Airflow has forgotten stay until newer ones push them
 * out; the end of a run counts once, when it is first seen.
 */
export function updateRunHistory(
  known: IngestionPipelineStatus,
  dagRuns: readonly DagRun[],
  limit: number,
): RunNews {
  const runs = dagRuns.map(summarise);
  const newlyEnded = findNewlyEnded(known, runs);
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
  return { history, newlyEnded, lastEnded: merged.find(hasEnded) };
}

function hasEnded(run: Pick<RunSummary, 'state'>): boolean {
  return run.state === 'success' || run.state === 'failed';
}

function hasSucceeded(run: RunSummary): boolean {
  return run.state === 'success';
}

function knownRuns({ recentRuns, lastRun }: IngestionPipelineStatus): RunSummary[] {
  return [...(recentRuns ?? []), ...(lastRun === undefined ? [] : [lastRun])];
}

function findNewlyEnded(known: IngestionPipelineStatus, runs: readonly RunSummary[]): RunSummary[] {
  const active = new Set(knownRuns(known).flatMap((run) => (hasEnded(run) ? [] : [run.runId])));
  const watermark = lastKnownEnd(known);
  return runs
    .filter((run) => hasEnded(run) && (active.has(run.runId) || endOf(run) > watermark))
    .toSorted((left, right) => endOf(left) - endOf(right));
}

/**
 * Until when every end has been counted. A short history may hold nothing but runs that are active: then what ended
 * before the newest of them began was counted.
 */
function lastKnownEnd(known: IngestionPipelineStatus): number {
  const ends = knownRuns(known).filter(hasEnded).map(endOf);
  const isForgotten = ends.length === 0 && (known.consecutiveFailures ?? 0) > 0;
  const begin = isForgotten && known.lastRun !== undefined ? startOf(known.lastRun) : 0;
  return Math.max(timeOf(known.lastSuccessfulTime), begin, ...ends);
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
  return timeOf(run.endTime);
}

function timeOf(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time);
}

/** A run that has not started is newer than any that has. */
function startOf(run: RunSummary): number {
  return run.startTime === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(run.startTime);
}
