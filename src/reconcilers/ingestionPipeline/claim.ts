import { winnerOf, type Claim } from '../../domain/claim.ts';
import { stalled } from '../shared/halt.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

const RECHECK = 60_000;

/** Halts with DagIdConflict where an older pipeline of the same client claims the same DAG. */
export function claimDag(deps: PipelineDependencies, pass: Pass, clientKey: string): void {
  const claims = [...deps.index.claimantsOf(clientKey, pass.dagId)].flatMap((key) => claimOf(deps, key));
  const winner = winnerOf(claims);
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

function claimOf(deps: PipelineDependencies, key: string): Claim[] {
  const metadata = deps.pipelines.get(key)?.metadata;
  return metadata === undefined ? [] : [metadata];
}
