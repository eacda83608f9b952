import type { DagRun } from '../domain/dagRun.ts';

/**
 * Newest first, by when runs began: a scheduled run stands for a date long before it starts, so dates order only the runs
 * that have not started, which come first.
 */
export function newestFirst(left: DagRun, right: DagRun): number {
  return (
    compare(begin(right), begin(left)) ||
    compare(right.logicalDate ?? '', left.logicalDate ?? '') ||
    compare(right.runId, left.runId)
  );
}

/** A run that was killed while it was queued has only an end. */
function begin(run: DagRun): string {
  return run.startTime ?? run.endTime ?? '~';
}

function compare(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}

export function isActive(run: DagRun): boolean {
  return run.state === 'queued' || run.state === 'running';
}
