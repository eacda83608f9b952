import type { IngestionPipelineStatus } from '../api/ingestionPipeline.ts';
import type { Owner } from './mark.ts';
import { uuidOf } from './uuid.ts';

/** A run that somebody asked for and that was not started yet. */
export interface RunRequest {
  /** Made from the request, so that a repeated call cannot start a second run. */
  readonly runId: string;
  /** Undefined where an annotation asks for it. */
  readonly nonce: string | undefined;
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
  return {
    runId: byAnnotation ? idOf(input, `requested-at ${annotation}`) : idOfNonce(input),
    nonce: byAnnotation ? undefined : nonce,
    handled: { lastHandledRunRequest: annotation, lastHandledRunNonce: nonce },
  };
}

/** A change of something else makes a new generation, and must not make a new run of one that waits or may have begun. */
function idOfNonce(input: RunRequestInput): string {
  const { nonce, generation, status } = input;
  return status.pendingRun?.nonce === nonce && status.pendingRun !== undefined
    ? status.pendingRun.runId
    : idOf(input, `nonce ${nonce} of generation ${generation}`);
}

function idOf({ owner: { ownerId, namespace, name } }: RunRequestInput, request: string): string {
  return uuidOf(`run ${ownerId}/${namespace}/${name} ${request}`);
}
