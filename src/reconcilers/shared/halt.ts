import type { Verdict } from '../../domain/conditions.ts';
import type { Outcome } from '../../domain/outcome.ts';

/**
 * Ends a pass early, on purpose: with what to tell people, and when to look again. Everything after the step that threw
 * it keeps the conditions it had.
 */
export class Halt extends Error {
  readonly verdict: Verdict;
  readonly outcome: Outcome;

  constructor(verdict: Verdict, outcome: Outcome) {
    super(verdict.message);
    this.name = 'Halt';
    this.verdict = verdict;
    this.outcome = outcome;
  }
}

type Finding = Omit<Verdict, 'status'> & { readonly status?: Verdict['status'] };

/** A person must act; looked at again when something changes, or after the milliseconds given. */
export function stalled(finding: Finding, checkAfter?: number): Halt {
  return new Halt({ status: 'False', ...finding }, { kind: 'stalled', checkAfter });
}

/** It did not work and may work later: retried with back-off, not before the milliseconds given. */
export function failed(finding: Finding, notBefore?: number): Halt {
  return new Halt({ status: 'False', ...finding }, { kind: 'failed', notBefore });
}

/** Something outside has to happen first; nothing is wrong. Looked at again after the milliseconds given. */
export function waiting(finding: Finding, checkAfter: number): Halt {
  return new Halt({ status: 'Unknown', ...finding }, { kind: 'waiting', checkAfter });
}
