import type { DagView } from '../../domain/dagView.ts';
import { findCondition } from '../../domain/conditions.ts';
import type { AttemptState, DeployAttempt } from '../../domain/deployDecision.ts';
import type { Connection } from '../shared/connection.ts';
import type { Pass } from './pass.ts';
import { isLookRequested } from './requests.ts';

const STATE_OF_REASON: Readonly<Record<string, AttemptState>> = {
  Deployed: 'registered',
  DriftDetected: 'registered',
  AwaitingRegistration: 'accepted',
  MountNotSeen: 'accepted',
  DagImportError: 'broken',
  Deploying: 'unknown',
  UnknownOutcome: 'unknown',
};

/** The last attempt to deploy to this Airflow, as the status remembers it. */
export function lastAttempt({ noted }: Pass): DeployAttempt | undefined {
  const { deployed, conditions = [] } = noted();
  if (deployed === undefined) {
    return undefined;
  }
  const reason = findCondition(conditions, 'Deployed')?.reason ?? '';
  return {
    delivery: deployed.delivery,
    hash: deployed.hash,
    time: Date.parse(deployed.time),
    state: STATE_OF_REASON[reason] ?? 'refused',
  };
}

/** Whether it was this configuration, and a mount is to bring it. */
export function isPending({ delivery, hash, state }: DeployAttempt, ofHash: string): boolean {
  return delivery === 'ConfigMap' && hash === ofHash && state === 'accepted';
}

/**
 * What Airflow knows of the pipeline's DAG: from the poller, or read now where that would be too old to act on, namely
 * after a deploy, on request, and before believing that there is no DAG. Throws AirflowError.
 */
export async function observe(pass: Pass, connection: Connection): Promise<DagView> {
  const attempt = lastAttempt(pass);
  const pending = attempt !== undefined && attempt.state !== 'registered';
  const known = connection.poller.view(pass.dagId);
  return known?.registered === true && !pending && !isLookRequested(pass)
    ? known
    : connection.poller.refresh(pass.dagId, pass.signal);
}
