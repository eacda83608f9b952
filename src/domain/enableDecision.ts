export interface EnableFacts {
  /** Undefined where Airflow does not tell (no core API). */
  readonly isPaused: boolean | undefined;
  readonly suspend: boolean;
  /** Whether an earlier pass over the same generation left the DAG as wanted: then a difference is somebody's doing. */
  readonly convergedBefore: boolean;
  readonly driftPolicy: 'Correct' | 'Warn';
}

export type EnableDecision =
  | { readonly kind: 'asWanted' }
  | { readonly kind: 'enable' | 'disable'; readonly isDrift: boolean }
  | { readonly kind: 'reportDrift' };

/** Whether the DAG has to be unpaused or paused so that it is as the specification says. */
export function decideEnable(facts: EnableFacts): EnableDecision {
  const { isPaused, suspend, convergedBefore } = facts;
  if (isPaused === suspend || (isPaused === undefined && convergedBefore)) {
    return { kind: 'asWanted' };
  }
  if (convergedBefore && facts.driftPolicy === 'Warn') {
    return { kind: 'reportDrift' };
  }
  return { kind: suspend ? 'disable' : 'enable', isDrift: convergedBefore };
}
