import { IngestionPipeline } from '../../src/api/ingestionPipeline.ts';
import { loadKubeConfig } from '../../src/kube/kubeConfig.ts';
import { createReflector } from '../../src/kube/reflector.ts';
import { linesLogger } from '../../src/kube/testing/linesLogger.ts';

export interface WatchedNamespace {
  readonly kubeconfig: string;
  readonly namespace: string;
}

/** Tells of each change of a pipeline, or of its end, until the signal: asking again and again would cost much CPU time. */
export function watchPipelines(
  { kubeconfig, namespace }: WatchedNamespace,
  signal: AbortSignal,
  onChange: (pipeline: IngestionPipeline | undefined, key: string) => void,
): void {
  const pipelines = createReflector({
    kubeConfig: loadKubeConfig({ kubeconfig }),
    path: '/apis/ingestion.open-metadata.org/v1alpha1/ingestionpipelines',
    namespaces: [namespace],
    parse: (raw) => IngestionPipeline.parse(raw),
    onKey: (key) => onChange(pipelines.get(key), key),
    log: linesLogger(),
    clock: Date.now,
    random: Math.random,
  });
  void pipelines.run(signal);
}
