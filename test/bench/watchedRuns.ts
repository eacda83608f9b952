import { type WatchedNamespace, watchPipelines } from './watchPipelines.ts';

/** When the ends of runs appeared on their resources. */
export interface WatchedRuns {
  /** Milliseconds since 1970; undefined while it is not there. */
  seenAt(runId: string, dagId: string): number | undefined;
}

export function watchRuns(where: WatchedNamespace, signal: AbortSignal): WatchedRuns {
  const seen = new Map<string, number>();
  watchPipelines(where, signal, (pipeline) => {
    const { dagId, lastRun } = pipeline?.status ?? {};
    const run = `${dagId} ${lastRun?.runId}`;
    if (lastRun?.state === 'success' && !seen.has(run)) {
      seen.set(run, Date.now());
    }
  });
  return { seenAt: (runId, dagId) => seen.get(`${dagId} ${runId}`) };
}
