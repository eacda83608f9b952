import { AirflowError } from '../../airflow/airflowError.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import { failed, Halt } from '../shared/halt.ts';
import { haltOfCall } from './airflowFaults.ts';
import type { Pass } from './pass.ts';
import { isUndisturbed } from './readiness.ts';

/** Puts what ended a pass on the status, and says when to try again. Throws what only the API server can mend. */
export async function settleFault(pass: Pass, error: unknown): Promise<Outcome> {
  const halt = toHalt(pass, error);
  if (!isUndisturbed(pass, halt)) {
    await pass.settle({ kind: 'halted', verdict: halt.verdict, outcome: halt.outcome });
  }
  return halt.outcome;
}

function toHalt(pass: Pass, error: unknown): Halt {
  if (error instanceof Halt) {
    return error;
  }
  if (error instanceof AirflowError) {
    return haltOfCall(error);
  }
  if (isKubeError(error) || pass.signal.aborted) {
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
