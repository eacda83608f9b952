import { IngestionPipeline } from '../../../src/api/ingestionPipeline.ts';
import { loadKubeConfig } from '../../../src/kube/kubeConfig.ts';
import { createReflector } from '../../../src/kube/reflector.ts';
import { linesLogger } from '../../../src/kube/testing/linesLogger.ts';
import { conditionOf } from '../../harness/expectations.ts';

/** When the pipelines of a namespace became Ready; without asking again and again, which would cost much CPU time. */
export interface WatchedFleet {
  /** Milliseconds since 1970 of each that is Ready for the generation that was declared last, earliest first. */
  readyTimes(): number[];
}

export function watchFleet(kubeconfig: string, namespace: string, signal: AbortSignal): WatchedFleet {
  const ready = new Map<string, number>();
  const pipelines = createReflector({
    kubeConfig: loadKubeConfig({ kubeconfig }),
    path: '/apis/ingestion.open-metadata.org/v1alpha1/ingestionpipelines',
    namespaces: [namespace],
    parse: (raw) => IngestionPipeline.parse(raw),
    onKey(key) {
      const pipeline = pipelines.get(key);
      if (pipeline === undefined || !isReady(pipeline)) ready.delete(key);
      else if (!ready.has(key)) ready.set(key, Date.now());
    },
    log: linesLogger(),
    clock: Date.now,
    random: Math.random,
  });
  void pipelines.run(signal);
  return { readyTimes: () => [...ready.values()].toSorted((left, right) => left - right) };
}

function isReady(pipeline: IngestionPipeline): boolean {
  const isCurrent = pipeline.status?.observedGeneration === pipeline.metadata.generation;
  return isCurrent && conditionOf(pipeline, 'Ready')?.status === 'True';
}
