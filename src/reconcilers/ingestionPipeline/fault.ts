import { AirflowError } from '../../airflow/airflowError.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import { failed, Halt } from '../shared/halt.ts';
import { LeadLost } from '../shared/leadGuard.ts';
import { haltOfCall } from './airflowFaults.ts';
import type { Pass } from './pass.ts';
import { isUndisturbed } from './readiness.ts';

/** Puts what ended a pass on the status, and says when to try again. Throws what cannot be told there. */
export async function settleFault(pass: Pass, error: unknown): Promise<Outcome> {
  const halt = toHalt(pass, error);
  const { verdict, outcome } = halt;
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
