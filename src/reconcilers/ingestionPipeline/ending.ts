import type { Condition } from '../../api/condition.ts';
import { ANNOTATIONS } from '../../api/group.ts';
import type { Reason } from '../../api/reasons.ts';
import type { Verdict } from '../../domain/conditions.ts';
import type { Outcome } from '../../domain/outcome.ts';

/**
 * How a pass ended: with everything as declared, with what stands against it, or with something that does not concern
 * this pipeline, so that Ready stays as it was.
 */
export type Ending =
  | { readonly kind: 'converged' }
  | { readonly kind: 'undisturbed' }
  /** Nothing was looked at, as asked. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'halted'; readonly verdict: Verdict; readonly outcome: Outcome };

/** What the ending itself says, and Ready with Reconciling or Stalled: the only place that computes these. */
export function verdictsOf(ending: Ending, suspended: boolean): Verdict[] {
  switch (ending.kind) {
    case 'undisturbed':
      return [];
    case 'paused':
      return [PAUSED];
    case 'converged':
      return [suspended ? READY_SUSPENDED : READY];
    case 'halted':
      return verdictsOfHalt(ending);
    default:
      return ending satisfies never;
  }
}

function verdictsOfHalt({ verdict, outcome }: Extract<Ending, { kind: 'halted' }>): Verdict[] {
  const { reason, message } = verdict;
  const progress = outcome.kind === 'stalled' ? 'Stalled' : 'Reconciling';
  return [
    verdict,
    { type: 'Ready', status: 'False', reason, message },
    { type: progress, status: 'True', reason, message },
  ];
}

/** What has gone wrong and had not before this pass, once for each reason. The faults say what to do. */
export function newFaults(
  known: readonly Condition[],
  judged: readonly Verdict[],
  ending: Ending,
): Map<Reason, string> {
  if (ending.kind !== 'halted' || ending.outcome.kind === 'waiting') {
    return new Map();
  }
  const told = new Set(known.filter(({ status }) => status === 'False').map(({ reason }) => reason));
  const faults = judged.filter(
    ({ type, status, reason }) => status === 'False' && type !== 'LastRunSucceeded' && !told.has(reason),
  );
  return new Map(faults.map(({ reason, message }) => [reason, message]));
}

const PAUSED: Verdict = {
  type: 'Paused',
  status: 'True',
  reason: 'Paused',
  message: `The operator leaves this pipeline and its DAG alone, because the annotation ${ANNOTATIONS.paused} is "true".`,
};

const READY: Verdict = {
  type: 'Ready',
  status: 'True',
  reason: 'ReconcileSucceeded',
  message: 'Rendered, deployed and enabled as declared.',
};

const READY_SUSPENDED: Verdict = {
  type: 'Ready',
  status: 'True',
  reason: 'Suspended',
  message: 'Rendered and deployed as declared; paused in Airflow because spec.suspend is true.',
};
