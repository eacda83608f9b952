import type { IngestionPipelineStatus } from '../api/ingestionPipeline.ts';
import type { Owner } from './mark.ts';
import { uuidOf } from './uuid.ts';

/** A run that somebody asked for and that was not started yet. */
export interface RunRequest {
  /** Made from the request, so that a repeated call cannot start a second run. */
  readonly runId: string;
  /** What the status shall say once the run is known to Airflow. */
  readonly handled: Pick<IngestionPipelineStatus, 'lastHandledRunRequest' | 'lastHandledRunNonce'>;
}

export interface RunRequestInput {
  readonly owner: Owner;
  readonly annotation: string | undefined;
  readonly nonce: string | undefined;
  /** Tells apart the times at which a nonce had the same value. */
  readonly generation: number;
  readonly status: IngestionPipelineStatus;
}

/** The run that is asked for, if any. Annotation and nonce that change together ask for one run. */
export function findRunRequest(input: RunRequestInput): RunRequest | undefined {
  const { annotation, nonce, status } = input;
  const byAnnotation = annotation !== undefined && annotation !== status.lastHandledRunRequest;
  const byNonce = nonce !== undefined && nonce !== status.lastHandledRunNonce;
  if (!byAnnotation && !byNonce) {
    return undefined;
  }
  const { ownerId, namespace, name } = input.owner;
  const request = byAnnotation
    ? `requested-at ${annotation}`
    : `nonce ${nonce} of generation ${input.generation}`;
  return {
    runId: uuidOf(`run ${ownerId}/${namespace}/${name} ${request}`),
    handled: { lastHandledRunRequest: annotation, lastHandledRunNonce: nonce },
  };
}
