import type { Condition } from '../api/condition.ts';
import type { Reason } from '../api/reasons.ts';

const MAXIMUM_MESSAGE_LENGTH = 1024;

/** What one reconcile found out about one condition. */
export interface Verdict<Type extends string = string> {
  readonly type: Type;
  readonly status: Condition['status'];
  readonly reason: Reason;
  readonly message: string;
}

/** Condition types that say something is wrong or under way, and are absent otherwise (kstatus). */
const ABNORMAL: ReadonlySet<string> = new Set(['Reconciling', 'Stalled', 'Paused']);

/**
 * Lays the verdicts over the conditions known so far. The transition time moves only with the status, and for an
 * abnormal condition with the reason, too: it tells since when that fault has lasted. Conditions nobody judged this time
 * stay as they were, except the abnormal ones, which go. Of several verdicts on one condition the last counts.
 */
export function applyVerdicts(
  known: readonly Condition[],
  verdicts: readonly Verdict[],
  generation: number,
  now: number,
): Condition[] {
  const judged = new Map(verdicts.map((verdict) => [verdict.type, verdict]));
  const kept = known.filter(({ type }) => !judged.has(type) && !ABNORMAL.has(type));
  const changed = [...judged.values()].map((verdict) =>
    toCondition(verdict, findCondition(known, verdict.type), generation, now),
  );
  return [...kept, ...changed].toSorted((left, right) => (left.type < right.type ? -1 : 1));
}

export function findCondition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

function toCondition(
  verdict: Verdict,
  before: Condition | undefined,
  generation: number,
  now: number,
): Condition {
  return {
    type: verdict.type,
    status: verdict.status,
    reason: verdict.reason,
    message: verdict.message.slice(0, MAXIMUM_MESSAGE_LENGTH),
    observedGeneration: generation,
    lastTransitionTime:
      before !== undefined && isSame(before, verdict) ? before.lastTransitionTime : toKubernetesTime(now),
  };
}

function isSame(before: Condition, { type, status, reason }: Verdict): boolean {
  return before.status === status && (!ABNORMAL.has(type) || before.reason === reason);
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function toKubernetesTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
