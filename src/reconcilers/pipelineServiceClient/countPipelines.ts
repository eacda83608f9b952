import type { PipelineServiceClientStatus } from '../../api/pipelineServiceClient.ts';
import { findCondition } from '../../domain/conditions.ts';
import type { ClientDependencies } from './dependencies.ts';

type Counts = NonNullable<PipelineServiceClientStatus['pipelines']>;

/** How the pipelines of a client are doing, by their statuses. */
export function countPipelines(
  deps: Pick<ClientDependencies, 'index' | 'pipelines'>,
  clientKey: string,
): Counts {
  const counts = { total: 0, ready: 0, stalled: 0 };
  for (const key of deps.index.pipelinesOf(clientKey)) {
    const conditions = deps.pipelines.get(key)?.status?.conditions ?? [];
    counts.total += 1;
    counts.ready += findCondition(conditions, 'Ready')?.status === 'True' ? 1 : 0;
    counts.stalled += findCondition(conditions, 'Stalled')?.status === 'True' ? 1 : 0;
  }
  return counts;
}
