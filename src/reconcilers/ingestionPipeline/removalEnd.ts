import { FINALIZER } from '../../api/group.ts';
import type { RemovalDecision } from '../../domain/removalDecision.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import { hasHeir } from './claim.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { formerDocument } from './document.ts';
import type { Pass } from './pass.ts';
import { stillDeleting } from './stillDeleting.ts';

const RETRY = 5_000;

type Orphaning = Extract<RemovalDecision, { kind: 'orphan' }>['because'];

/** Drops the document and then the finalizer, and says what has become of the DAG. */
export async function endRemoval(
  deps: PipelineDependencies,
  pass: Pass,
  decision: RemovalDecision,
): Promise<void> {
  switch (decision.kind) {
    case 'finish':
      await dropDocument(deps, pass);
      pass.announce('Normal', 'Deleted', `Nothing of this pipeline is left in Airflow (DAG ${pass.dagId}).`);
      return dropFinalizer(deps, pass);
    case 'orphan':
      await dropDocument(deps, pass);
      pass.announce(
        decision.because === 'policy' ? 'Normal' : 'Warning',
        'Orphaned',
        describe(pass, decision.because),
      );
      return dropFinalizer(deps, pass);
    case 'wait':
    case 'pause':
    case 'stopRuns':
    case 'delete':
      throw stillDeleting('Airflow has not let go of the DAG yet.', RETRY);
    default:
      return decision satisfies never;
  }
}

function describe({ dagId }: Pass, because: Orphaning): string {
  const left = `DAG ${dagId} was left in Airflow, if it is there:`;
  switch (because) {
    case 'policy':
      return `${left} spec.deletionPolicy is Orphan.`;
    case 'forced':
      return `${left} the annotation force-orphan asked for it.`;
    case 'clientGone':
      return `${left} its PipelineServiceClient does not exist any more, so nobody knows how to reach Airflow.`;
    case 'credentialsGone':
      return `${left} the Secret with the credentials is gone.`;
    default:
      return because satisfies never;
  }
}

/** Where another pipeline takes the DAG over, the document is its own by now or will be. */
async function dropDocument(deps: PipelineDependencies, pass: Pass): Promise<void> {
  const document = formerDocument(deps, pass);
  if (document === undefined || hasHeir(deps, pass)) {
    return;
  }
  try {
    await deps.documents.remove(document, pass.signal);
  } catch (error) {
    const isGoing =
      isKubeError(error, 'forbidden') &&
      (await deps.readNamespace(document.namespace, pass.signal))?.terminating;
    if (isGoing !== true) {
      throw error;
    }
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
