import type { IngestionPipeline } from '../../../src/api/ingestionPipeline.ts';
import { conditionOf } from '../../harness/expectations.ts';
import { type WatchedNamespace, watchPipelines } from '../watchPipelines.ts';

/** When the pipelines of a namespace became Ready. */
export interface WatchedFleet {
  /** Milliseconds since 1970 of each that is Ready for the generation that was declared last, earliest first. */
  readyTimes(): number[];
}

export function watchFleet(where: WatchedNamespace, signal: AbortSignal): WatchedFleet {
  const ready = new Map<string, number>();
  watchPipelines(where, signal, (pipeline, key) => {
    if (pipeline === undefined || !isReady(pipeline)) ready.delete(key);
    else if (!ready.has(key)) ready.set(key, Date.now());
  });
  return { readyTimes: () => [...ready.values()].toSorted((left, right) => left - right) };
}

function isReady(pipeline: IngestionPipeline): boolean {
  const isCurrent = pipeline.status?.observedGeneration === pipeline.metadata.generation;
  return isCurrent && conditionOf(pipeline, 'Ready')?.status === 'True';
}
