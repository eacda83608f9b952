import type { Condition } from '../../api/condition.ts';
import type { Reason } from '../../api/reasons.ts';
import { findCondition } from '../../domain/conditions.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { ClientVerdict } from './airflowCheck.ts';

/** How long a fault may last before it takes a person: what is installed together does not start together. */
const PATIENCE = 120_000;
const RECHECK = 60_000;

export const READY_MESSAGE = 'Airflow and OpenMetadata answer and fit together.';

/** Faults that do not go away by themselves. */
const NEEDS_PERSON: ReadonlySet<Reason> = new Set([
  'SecretNotFound',
  'SecretKeyNotFound',
  'TLSUntrusted',
  'TLSMismatch',
  'ManagedAPIsNotFound',
  'UnsupportedBackend',
  'OpenMetadataNotFound',
  'InvalidCredentials',
  'PermissionDenied',
  'TokenRejected',
  'VersionMismatch',
  'ConfigsDirectoryReadOnly',
  'MountNotSeen',
]);

/** What a check comes to. */
export interface Summary {
  /** Ready, and Reconciling or Stalled. */
  readonly verdicts: readonly ClientVerdict[];
  /** When to look again because of a fault; undefined where there is none. */
  readonly outcome?: Outcome;
}

/** The only place that computes Ready of a client. Where nothing was checked, Ready stays as it was. */
export function summarise(
  verdicts: readonly ClientVerdict[],
  known: readonly Condition[],
  now: number,
): Summary {
  const faults = verdicts.filter(({ status }) => status === 'False');
  const fault = faults.find(({ reason }) => NEEDS_PERSON.has(reason)) ?? faults[0];
  if (fault !== undefined) {
    return summariseFault(fault, known, now);
  }
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'ReconcileSucceeded',
    message: READY_MESSAGE,
  } as const;
  return { verdicts: verdicts.length === 0 ? [] : [ready] };
}

function summariseFault(
  { reason, message }: ClientVerdict,
  known: readonly Condition[],
  now: number,
): Summary {
  const ready = { type: 'Ready', status: 'False', reason, message } as const;
  if (NEEDS_PERSON.has(reason) && hasLasted(reason, known, now)) {
    return {
      verdicts: [ready, { type: 'Stalled', status: 'True', reason, message }],
      outcome: { kind: 'stalled', checkAfter: RECHECK },
    };
  }
  return {
    verdicts: [ready, { type: 'Reconciling', status: 'True', reason, message }],
    outcome: { kind: 'failed' },
  };
}

function hasLasted(reason: Reason, known: readonly Condition[], now: number): boolean {
  const reconciling = findCondition(known, 'Reconciling');
  return (
    findCondition(known, 'Stalled')?.reason === reason ||
    (reconciling?.reason === reason && now - Date.parse(reconciling.lastTransitionTime) >= PATIENCE)
  );
}
