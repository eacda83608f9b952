import { isDeepStrictEqual } from 'node:util';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Claim } from '../../domain/claim.ts';
import { placeOf } from '../shared/clientShards.ts';
import type { DocumentKey } from '../shared/documentPlace.ts';
import { stalled } from '../shared/halt.ts';
import { keyOf } from '../shared/references.ts';
import { olderClaimant } from './claim.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

const RECHECK = 60_000;

/**
 * The older pipeline whose document belongs into the same place, because clients of two Airflows share their ConfigMaps and
 * each has a DAG of this id. Where the document is only a record, that of the older one is kept; halts with DagIdConflict
 * where Airflow would mount it.
 */
export function holderOf(
  deps: Pick<PipelineDependencies, 'clients' | 'index' | 'pipelines'>,
  pass: Pass,
  client: PipelineServiceClient,
  place: DocumentKey,
): Claim | undefined {
  const sharing = [...deps.clients.list()].filter(
    (other) =>
      other.metadata.namespace === place.namespace && isDeepStrictEqual(placeOf(other, pass.dagId), place),
  );
  const holder = sharing.length > 1 ? olderClaimant(deps, pass, sharing.map(keyOf)) : undefined;
  if (holder !== undefined && client.spec.delivery === 'ConfigMap') {
    throw stalled(
      {
        type: 'Rendered',
        reason: 'DagIdConflict',
        message: `The place of the document (${place.name}, ${place.key}) is that of IngestionPipeline ${holder.namespace}/${holder.name}, which is older and uses another client: give PipelineServiceClient ${client.metadata.name} a spec.configMap.name of its own.`,
      },
      RECHECK,
    );
  }
  return holder;
}
