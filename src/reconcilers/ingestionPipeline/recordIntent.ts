import type { Pass } from './pass.ts';

/**
 * Says on the status, before Airflow is called, that the deployed configuration is about to change: a pass that is cut
 * short leaves a trace, and what it did is not taken for somebody else's doing. Throws KubeError.
 */
export function recordIntent(pass: Pass, message: string): Promise<void> {
  return pass.settle({
    kind: 'halted',
    verdict: { type: 'Deployed', status: 'Unknown', reason: 'Deploying', message },
    outcome: { kind: 'waiting', checkAfter: 0 },
  });
}
