import { IngestionPipeline } from '../../src/api/ingestionPipeline.ts';
import { loadKubeConfig } from '../../src/kube/kubeConfig.ts';
import { createReflector } from '../../src/kube/reflector.ts';
import { linesLogger } from '../../src/kube/testing/linesLogger.ts';

/** When the ends of runs appeared on their resources. */
export interface WatchedRuns {
  /** Milliseconds since 1970; undefined while it is not there. */
  seenAt(runId: string, dagId: string): number | undefined;
}

export function watchRuns(kubeconfig: string, namespace: string, signal: AbortSignal): WatchedRuns {
  const seen = new Map<string, number>();
  const pipelines = createReflector({
    kubeConfig: loadKubeConfig({ kubeconfig }),
    path: '/apis/ingestion.open-metadata.org/v1alpha1/ingestionpipelines',
    namespaces: [namespace],
    parse: (raw) => IngestionPipeline.parse(raw),
    onKey(key) {
      const { dagId, lastRun } = pipelines.get(key)?.status ?? {};
      const run = `${dagId} ${lastRun?.runId}`;
      if (lastRun?.state === 'success' && !seen.has(run)) {
        seen.set(run, Date.now());
      }
    },
    log: linesLogger(),
    clock: Date.now,
    random: Math.random,
  });
  void pipelines.run(signal);
  return { seenAt: (runId, dagId) => seen.get(`${dagId} ${runId}`) };
}
