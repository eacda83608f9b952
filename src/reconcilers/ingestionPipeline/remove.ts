import { FINALIZER } from '../../api/group.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { RemovalDecision } from '../../domain/removalDecision.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import { Halt } from '../shared/halt.ts';
import { clientKeyOf, keyOfReference } from '../shared/references.ts';
import { clearFormerClients } from './clearFormerClients.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';
import { endRemoval, withdrawDocuments } from './removalEnd.ts';
import { stillDeleting } from './stillDeleting.ts';
import { takeDown } from './takeDown.ts';
import { takeDownTask } from './takeDownTask.ts';

const RETRY = 10_000;

/** Takes a pipeline down and drops the finalizer when nothing of it is left, or when it may be left behind. */
export async function removePipeline(deps: PipelineDependencies, pass: Pass): Promise<Outcome> {
  if (pass.pipeline.metadata.finalizers?.includes(FINALIZER) !== true) {
    return { kind: 'done' };
  }
  try {
    const decision = await remove(deps, pass);
    await requireFormerClientsCleared(deps, pass);
    await endRemoval(deps, pass, decision);
    return { kind: 'done' };
  } catch (error) {
    if (!(error instanceof Halt)) {
      throw error;
    }
    await settleIfThere(pass, error);
    return error.outcome;
  }
}

async function remove(deps: PipelineDependencies, pass: Pass): Promise<RemovalDecision> {
  const clientKey = clientOf(deps, pass);
  const connection = clientKey === undefined ? undefined : deps.connections.get(clientKey);
  connection?.gate.cancel(pass.key);
  connection?.awaitingMount.delete(pass.key);
  const { deployed } = pass.before;
  return takeDown(
    takeDownTask(deps, pass, clientKey, {
      everDeployed: deployed !== undefined,
      delivery: deployed?.delivery ?? 'ManagedAPI',
      dropDocuments: () => withdrawDocuments(deps, pass),
    }),
  );
}

/** A pipeline may be deleted while it moves from one Airflow to another. */
async function requireFormerClientsCleared(deps: PipelineDependencies, pass: Pass): Promise<void> {
  if (await clearFormerClients(deps, pass, () => false)) {
    const left = (pass.noted().formerClients ?? []).map(
      (former) => `${keyOfReference(former)} (${former.message})`,
    );
    throw stillDeleting(
      `The DAG is still in the Airflow of PipelineServiceClient ${left.join(', ')}.`,
      RETRY,
    );
  }
}

/** The client that the pipeline was deployed through, else the one it refers to. */
function clientOf(deps: PipelineDependencies, { before, pipeline }: Pass): string | undefined {
  return before.clientRef === undefined
    ? clientKeyOf(pipeline, (key) => deps.clients.get(key) !== undefined, deps.settings.defaultClient)
    : keyOfReference(before.clientRef);
}

async function settleIfThere(pass: Pass, { verdict, outcome }: Halt): Promise<void> {
  try {
    await pass.settle({ kind: 'halted', verdict, outcome });
  } catch (error) {
    if (!isKubeError(error, 'notFound', 'conflict')) {
      throw error;
    }
  }
}
