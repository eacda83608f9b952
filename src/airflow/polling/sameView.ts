import type { Dag } from '../../domain/dag.ts';
import type { DagRun } from '../../domain/dagRun.ts';

/** Whether two looks at a DAG say the same. Its time of parsing does not count: it changes all the time. */
export function sameDag(left: Dag | undefined, right: Dag | undefined): boolean {
  if (!left || !right) {
    return left === right;
  }
  return (
    left.description === right.description &&
    left.isPaused === right.isPaused &&
    left.isActive === right.isActive &&
    left.hasImportErrors === right.hasImportErrors &&
    left.fileLocation === right.fileLocation
  );
}

export function sameRuns(left: readonly DagRun[], right: readonly DagRun[]): boolean {
  return left.length === right.length && left.every((run, index) => sameRun(run, right[index]));
}

function sameRun(left: DagRun, right: DagRun | undefined): boolean {
  return (
    left.runId === right?.runId &&
    left.state === right.state &&
    left.startTime === right.startTime &&
    left.endTime === right.endTime
  );
}
