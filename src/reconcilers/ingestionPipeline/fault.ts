import { AirflowError } from '../../airflow/airflowError.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import { failed, Halt } from '../shared/halt.ts';
import { LeadLost } from '../shared/leadGuard.ts';
import { haltOfCall } from './airflowFaults.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { followKnownRuns } from './followRuns.ts';
import type { Pass } from './pass.ts';
import { connectionInUse, isUndisturbed } from './readiness.ts';
import { postponeRequestedRun } from './requestedRun.ts';

/** Puts what ended a pass on the status, and says when to try again. Throws what cannot be told there. */
export async function settleFault(deps: PipelineDependencies, pass: Pass, error: unknown): Promise<Outcome> {
  const halt = toHalt(pass, error);
  const { verdict, outcome } = halt;
  const connection = connectionInUse(deps, pass);
  if (connection !== undefined) {
    await followKnownRuns(deps, pass, connection);
  }
  postponeRequestedRun(pass, verdict.message);
  if (verdict.reason !== 'QueuedForDeploy') {
    connection?.gate.cancel(pass.key);
  }
  await pass.settle(
    isUndisturbed(pass, halt) ? { kind: 'undisturbed' } : { kind: 'halted', verdict, outcome },
  );
  return outcome;
}

function toHalt(pass: Pass, error: unknown): Halt {
  if (error instanceof Halt) {
    return error;
  }
  if (error instanceof AirflowError) {
    return haltOfCall(error);
  }
  if (isKubeError(error) || error instanceof LeadLost || pass.signal.aborted) {
    throw error;
  }
  pass.log.error({ err: error }, 'unexpected error');
  const name = error instanceof Error ? error.name : typeof error;
  return failed({
    type: 'Ready',
    reason: 'Unexpected',
    message: `The operator ran into a fault of its own (${name}); its log has the details. It tries again.`,
  });
}
