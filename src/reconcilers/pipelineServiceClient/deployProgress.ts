import type { DeployGateSnapshot } from '../../airflow/deployGate.ts';
import type { PipelineServiceClientStatus } from '../../api/pipelineServiceClient.ts';
import { findCondition } from '../../domain/conditions.ts';
import { COUNT_AFTER } from '../shared/routing.ts';
import type { ClientVerdict } from './airflowCheck.ts';
import { READY_MESSAGE } from './summary.ts';

/** From so many on, posting one document after the other is not the way to do it. */
const MANY = 300;
/** Milliseconds for which progress that was shown stands: a little less than between two looks at it. */
const SHOWN_FOR = COUNT_AFTER * 0.8;

/** What a client's status tells of its deploys. */
export interface DeployProgress extends Pick<PipelineServiceClientStatus, 'deploys'> {
  /** For the condition Ready of a client that is ready. */
  readonly message: string;
}

/**
 * Puts the state of the deploy gate into words. What the status tells already stands for some seconds, however often the
 * client is looked at meanwhile.
 */
export function deployProgress(
  gate: DeployGateSnapshot | undefined,
  { deploys: shown, conditions = [], lastCheckTime = '' }: PipelineServiceClientStatus,
  now: number,
): DeployProgress {
  if (gate === undefined || !isDeploying(gate)) {
    return { deploys: undefined, message: READY_MESSAGE };
  }
  const { queued, running } = gate;
  const shownMessage = findCondition(conditions, 'Ready')?.message;
  return shown !== undefined && shownMessage !== undefined && now - Date.parse(lastCheckTime) < SHOWN_FOR
    ? { deploys: shown, message: shownMessage }
    : { deploys: { queued, running }, message: [READY_MESSAGE, ...waitingText(gate)].join(' ') };
}

/** Tells the progress on Ready, where that is True. */
export function withProgress(
  verdicts: readonly ClientVerdict[],
  { conditions = [] }: PipelineServiceClientStatus,
  { message }: DeployProgress,
): readonly ClientVerdict[] {
  const ready = verdicts.findLast(({ type }) => type === 'Ready') ?? findCondition(conditions, 'Ready');
  return ready?.status === 'True'
    ? [...verdicts, { type: 'Ready', status: 'True', reason: 'ReconcileSucceeded', message }]
    : verdicts;
}

/** Milliseconds until the client has to be looked at again, so that the progress on its status keeps up. */
export function untilNextLook(gate: DeployGateSnapshot, otherwise: number): number {
  return isDeploying(gate) ? Math.min(otherwise, COUNT_AFTER) : otherwise;
}

function isDeploying({ queued, running }: DeployGateSnapshot): boolean {
  return queued + running > 0;
}

function waitingText({ queued, intervalMilliseconds }: DeployGateSnapshot): string[] {
  if (queued === 0) {
    return [];
  }
  const deploys = queued === 1 ? '1 deploy waits for its' : `${queued} deploys wait for their`;
  const text = `${deploys} turn, which takes about ${describeTime(queued * intervalMilliseconds)} at the present pace.`;
  return queued < MANY
    ? [text]
    : [text, 'Changes of this size are what spec.delivery: ConfigMap is meant for.'];
}

function describeTime(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) {
    return `${Math.ceil(milliseconds / 10_000) * 10} s`;
  }
  return minutes < 90 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}
