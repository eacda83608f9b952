import type { ObjectMeta } from '../../api/objectMeta.ts';
import { type Claim, winnerOf } from '../../domain/claim.ts';
import { findCondition } from '../../domain/conditions.ts';
import { stalled } from '../shared/halt.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

const RECHECK = 60_000;

/** Halts with DagIdConflict where an older pipeline of the same client claims the same DAG. */
export function claimDag(deps: PipelineDependencies, pass: Pass, clientKey: string): void {
  const winner = winnerOf(claimsOf(deps, clientKey, pass.dagId));
  if (winner === undefined || winner.uid === pass.pipeline.metadata.uid) {
    return;
  }
  throw stalled(
    {
      type: 'Validated',
      reason: 'DagIdConflict',
      message: `The DAG ${pass.dagId} on client ${clientKey} belongs to IngestionPipeline ${winner.namespace}/${winner.name}, which is older: give this pipeline another spec.name (delete and create it anew) or delete the other.`,
    },
    RECHECK,
  );
}

/** Whether it is another pipeline's turn to have the DAG at this client, this one being there or not. */
export function isTakenOver(
  deps: PipelineDependencies,
  { dagId, pipeline }: Pass,
  clientKey: string,
): boolean {
  const winner = winnerOf(claimsOf(deps, clientKey, dagId));
  return winner !== undefined && winner.uid !== pipeline.metadata.uid;
}

/** Whether another pipeline has the DAG at this client, or will have it when this one is gone. */
export function isClaimed(deps: PipelineDependencies, { dagId, pipeline }: Pass, clientKey: string): boolean {
  return claimsOf(deps, clientKey, dagId).some(
    ({ uid, deletionTimestamp }) => uid !== pipeline.metadata.uid && deletionTimestamp === undefined,
  );
}

/** The oldest pipeline that claims the DAG at one of these clients, unless that is this one. */
export function olderClaimant(
  deps: Pick<PipelineDependencies, 'index' | 'pipelines'>,
  { dagId, pipeline }: Pass,
  clientKeys: readonly string[],
): Claim | undefined {
  const winner = winnerOf(clientKeys.flatMap((clientKey) => claimsOf(deps, clientKey, dagId)));
  return winner?.uid === pipeline.metadata.uid ? undefined : winner;
}

/** Who may not use the client claims nothing of it, or a name could be taken away from those who may. */
function claimsOf(
  deps: Pick<PipelineDependencies, 'index' | 'pipelines'>,
  clientKey: string,
  dagId: string,
): ObjectMeta[] {
  return [...deps.index.claimantsOf(clientKey, dagId)].flatMap((key) => {
    const pipeline = deps.pipelines.get(key);
    const ready = findCondition(pipeline?.status?.conditions ?? [], 'Ready');
    return pipeline === undefined || ready?.reason === 'ClientNotAllowed' ? [] : [pipeline.metadata];
  });
}
