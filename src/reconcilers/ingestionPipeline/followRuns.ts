import type { RunSummary } from '../../api/ingestionPipeline.ts';
import type { Verdict } from '../../domain/conditions.ts';
import { toKubernetesTime } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import { lastEndedRun, updateRunHistory, type RunHistory } from '../../domain/runHistory.ts';
import { nextRunTime } from '../../domain/schedule.ts';
import type { PipelineConditionType } from '../../api/conditionTypes.ts';
import type { Connection } from '../shared/connection.ts';
import type { Pass } from './pass.ts';

const DEFAULT_LIMIT = 5;

/** Puts what Airflow knows of the runs on the status. A failed run never makes a pipeline less Ready. */
export function followRuns(pass: Pass, connection: Connection, view: DagView): void {
  const { spec } = pass.pipeline;
  const limit = spec.runHistoryLimit ?? DEFAULT_LIMIT;
  const { history, newlyEnded } = updateRunHistory(pass.before, view.runs, limit);
  const next =
    spec.suspend === true ? undefined : nextRunTime(spec.airflowConfig?.scheduleInterval, pass.now);
  if (next !== undefined) {
    connection.poller.expectRunSoon(next.getTime());
  }
  pass.note({ ...history, nextRunTime: next && toKubernetesTime(next.getTime()) });
  pass.judge(judgeRuns(history));
  if (pass.before.observedGeneration !== undefined) {
    newlyEnded.filter(({ state }) => state === 'failed').forEach((run) => announceFailure(pass, run));
  }
}

function judgeRuns({
  lastRun,
  recentRuns = [],
  consecutiveFailures,
  activeRuns,
}: RunHistory): Verdict<PipelineConditionType> {
  const ended = lastEndedRun([...recentRuns, ...(lastRun === undefined ? [] : [lastRun])]);
  const type = 'LastRunSucceeded';
  if (ended === undefined) {
    return activeRuns > 0
      ? { type, status: 'Unknown', reason: 'Running', message: 'The first run is under way.' }
      : { type, status: 'Unknown', reason: 'NoRunYet', message: 'There was no run yet.' };
  }
  return ended.state === 'success'
    ? { type, status: 'True', reason: 'Succeeded', message: `Run ${ended.runId} succeeded.` }
    : { type, status: 'False', reason: 'Failed', message: describeFailure(ended, consecutiveFailures) };
}

function describeFailure({ runId }: RunSummary, consecutiveFailures: number): string {
  const row = consecutiveFailures > 1 ? `, the ${consecutiveFailures}th failure in a row` : '';
  return `Run ${runId} failed${row}. See the log of its task in Airflow.`;
}

function announceFailure(pass: Pass, { runId, endTime }: RunSummary): void {
  pass.announce(
    'Warning',
    'Failed',
    `Run ${runId} failed at ${endTime}. See the log of its task in Airflow.`,
  );
}
