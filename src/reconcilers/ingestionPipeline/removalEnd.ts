import { FINALIZER } from '../../api/group.ts';
import type { RemovalDecision } from '../../domain/removalDecision.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import { keyOfReference } from '../shared/references.ts';
import { isClaimed, isTakenOver } from './claim.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { removeDocuments } from './removeDocuments.ts';
import { describeOrphan } from './orphan.ts';
import type { Pass } from './pass.ts';
import { endRegistration } from './endRegistration.ts';
import { stillDeleting } from './stillDeleting.ts';

const RETRY = 5_000;

/** Drops the document and then the finalizer, and says what has become of the DAG. */
export async function endRemoval(
  deps: PipelineDependencies,
  pass: Pass,
  decision: RemovalDecision,
): Promise<void> {
  switch (decision.kind) {
    case 'finish':
      await endRegistration(deps, pass);
      await dropDocuments(deps, pass);
      pass.announce('Normal', 'Deleted', `Nothing of this pipeline is left in Airflow (DAG ${pass.dagId}).`);
      return dropFinalizer(deps, pass);
    case 'orphan':
      if (pass.before.deployed?.delivery !== 'ConfigMap') {
        // Of a mounted document it is what the DAG is made of.
        await dropDocuments(deps, pass);
      }
      pass.announce(
        decision.because === 'policy' ? 'Normal' : 'Warning',
        'Orphaned',
        describeOrphan(pass.dagId, decision.because),
      );
      return dropFinalizer(deps, pass);
    case 'wait':
    case 'pause':
    case 'stopRuns':
    case 'delete':
    case 'withdraw':
    case 'forget':
      throw stillDeleting('Airflow has not let go of the DAG yet.', RETRY);
    default:
      return decision satisfies never;
  }
}

/** While the DAG is still in Airflow. Where another pipeline has it already, the document is its own by now or will be. */
export async function withdrawDocuments(deps: PipelineDependencies, pass: Pass): Promise<void> {
  const { clientRef } = pass.before;
  if (
    clientRef !== undefined &&
    !isTakenOver(deps, pass, keyOfReference(clientRef)) &&
    (await removeUnlessGoing(deps, pass, clientRef)) === 'forbidden'
  ) {
    throw stillDeleting(
      `The operator may not remove the document from its Secret: bind the Role of deploy/secret-documents.yaml in namespace ${clientRef.namespace}.`,
      RETRY,
    );
  }
}

/** Where another pipeline takes the DAG over, the document is its own by now or will be. */
async function dropDocuments(deps: PipelineDependencies, pass: Pass): Promise<void> {
  const { clientRef } = pass.before;
  if (clientRef !== undefined && !isClaimed(deps, pass, keyOfReference(clientRef))) {
    await removeUnlessGoing(deps, pass, clientRef);
  }
}

/** With its namespace a document goes by itself. */
async function removeUnlessGoing(
  deps: PipelineDependencies,
  pass: Pass,
  clientRef: { readonly namespace: string },
): Promise<'removed' | 'forbidden'> {
  try {
    return await removeDocuments(deps, pass, clientRef.namespace);
  } catch (error) {
    const isGoing =
      isKubeError(error, 'forbidden') &&
      (await deps.readNamespace(clientRef.namespace, pass.signal))?.terminating;
    if (isGoing !== true) {
      throw error;
    }
    return 'removed';
  }
}

async function dropFinalizer(deps: PipelineDependencies, { key, pipeline, signal }: Pass): Promise<void> {
  const { finalizers = [], resourceVersion } = pipeline.metadata;
  const rest = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  try {
    await deps.resources.patchFinalizers(key, rest, resourceVersion, signal);
  } catch (error) {
    if (!isKubeError(error, 'notFound')) {
      throw error;
    }
  }
}
