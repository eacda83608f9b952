import { ANNOTATIONS } from '../../api/group.ts';
import type { Pass } from './pass.ts';

/** What was asked for by annotation: a value not seen before asks for a look at Airflow now. */
export function isLookRequested({ before, pipeline }: Pass): boolean {
  return requestedAt(pipeline) !== before.lastHandledReconcileAt;
}

/**
 * Records the requests that this pass answers, however it ends. The nonce that a pipeline is created with asks for no
 * run.
 */
export function noteRequests({ before, pipeline, note }: Pass): void {
  note({ lastHandledReconcileAt: requestedAt(pipeline) });
  if (before.observedGeneration === undefined) {
    note({ lastHandledRunNonce: pipeline.spec.runNonce });
  }
}

function requestedAt({ metadata }: Pass['pipeline']): string | undefined {
  return metadata.annotations?.[ANNOTATIONS.requestedAt];
}
