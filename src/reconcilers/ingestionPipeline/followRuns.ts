import type { RunSummary } from '../../api/ingestionPipeline.ts';
import type { Verdict } from '../../domain/conditions.ts';
import { toKubernetesTime } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import { readMark, sameOwner } from '../../domain/mark.ts';
import { updateRunHistory, type RunHistory } from '../../domain/runHistory.ts';
import { nextRunTime } from '../../domain/schedule.ts';
import type { PipelineConditionType } from '../../api/conditionTypes.ts';
import type { Connection } from '../shared/connection.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { announceFailedRun } from './failedRun.ts';
import type { Pass } from './pass.ts';

const DEFAULT_LIMIT = 5;

/**
 * Puts what Airflow knows of the runs on the status. A failed run never makes a pipeline less Ready. What is found when
 * the runs are first looked at is old news.
 */
export async function followRuns(
  deps: PipelineDependencies,
  pass: Pass,
  connection: Connection,
  view: DagView,
): Promise<void> {
  const { spec } = pass.pipeline;
  const next =
    spec.suspend === true ? undefined : nextRunTime(spec.airflowConfig?.scheduleInterval, pass.now);
  if (next !== undefined) {
    connection.poller.expectRunSoon(next.getTime());
  }
  pass.note({ nextRunTime: next && toKubernetesTime(next.getTime()) });
  await recordRuns(deps, pass, connection, view);
}

/** Whatever stands against a deploy, runs of what was deployed before go on, and may fail for the same reason. */
export async function followKnownRuns(
  deps: PipelineDependencies,
  pass: Pass,
  connection: Connection,
): Promise<void> {
  const view = connection.poller.view(pass.dagId);
  if (view?.registered === true && pass.before.activeRuns !== undefined && !isOfAnother(pass, view)) {
    await recordRuns(deps, pass, connection, view);
  }
}

function isOfAnother({ owner }: Pass, { dag }: DagView): boolean {
  const mark = readMark(dag?.description ?? '');
  return mark !== undefined && !sameOwner(mark.owner, owner);
}

/** Puts these runs on the status. What this pass has put there before stays, where Airflow has forgotten it since. */
export async function recordRuns(
  deps: PipelineDependencies,
  pass: Pass,
  connection: Connection,
  view: DagView,
): Promise<void> {
  const limit = pass.pipeline.spec.runHistoryLimit ?? DEFAULT_LIMIT;
  const { history, newlyEnded, lastEnded } = updateRunHistory(pass.noted(), view.runs, limit);
  pass.note(history);
  pass.judge(judgeRuns(history, lastEnded));
  if (pass.before.activeRuns === undefined) {
    return;
  }
  for (const run of newlyEnded.filter(({ state }) => state === 'failed')) {
    await announceFailedRun(deps, pass, connection, { run, isNewest: run.runId === view.runs[0]?.runId });
  }
}

function judgeRuns(
  { consecutiveFailures, activeRuns }: RunHistory,
  ended: RunSummary | undefined,
): Verdict<PipelineConditionType> {
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
  const row = consecutiveFailures > 1 ? ` (${consecutiveFailures} failures in a row)` : '';
  return `Run ${runId} failed${row}. See the log of its task in Airflow.`;
}
