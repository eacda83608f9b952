import { AirflowError } from '../../airflow/airflowError.ts';
import { ANNOTATIONS } from '../../api/group.ts';
import type { DagView } from '../../domain/dagView.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { findRunRequest, type RunRequest } from '../../domain/runRequest.ts';
import type { Connection } from '../shared/connection.ts';
import { haltOfCall } from './airflowFaults.ts';
import type { Pass } from './pass.ts';

/** What became of a request for a run; `retry` says when to try again. */
export interface RequestedRun {
  readonly view: DagView;
  readonly retry?: Outcome;
}

/**
 * Starts the run that an annotation or the nonce asks for. Its id is made from the request, so that whatever happens in
 * between, one request starts one run. A suspended pipeline's request waits until it is resumed.
 */
export async function startRequestedRun(
  pass: Pass,
  connection: Connection,
  view: DagView,
): Promise<RequestedRun> {
  const { metadata, spec } = pass.pipeline;
  const request = findRunRequest({
    owner: pass.owner,
    annotation: metadata.annotations?.[ANNOTATIONS.runRequestedAt],
    nonce: spec.runNonce,
    generation: pass.generation,
    status: pass.noted(),
  });
  if (request === undefined) {
    pass.note({ lastHandledRunNonce: spec.runNonce });
    return { view };
  }
  return spec.suspend === true ? { view } : start(pass, connection, view, request);
}

async function start(
  pass: Pass,
  connection: Connection,
  view: DagView,
  request: RunRequest,
): Promise<RequestedRun> {
  if (isKnown(view, request)) {
    return finish(pass, view, request);
  }
  try {
    await connection.airflow.trigger(pass.dagId, request.runId, pass.signal);
  } catch (error) {
    if (!(error instanceof AirflowError)) {
      throw error;
    }
    return verify(pass, connection, request, error);
  }
  return finish(pass, await connection.poller.refresh(pass.dagId, pass.signal), request);
}

/** Whether the call failed or not, the run counts if Airflow has it: newer plugins hide why a call failed. */
async function verify(
  pass: Pass,
  connection: Connection,
  request: RunRequest,
  error: AirflowError,
): Promise<RequestedRun> {
  const view = await connection.poller.refresh(pass.dagId, pass.signal);
  if (error.kind === 'runExists' || isKnown(view, request)) {
    return finish(pass, view, request);
  }
  const { reason, message } = haltOfCall(error).verdict;
  pass.announce('Warning', reason, `The run that was asked for could not be started yet: ${message}`);
  return { view, retry: { kind: 'failed', notBefore: error.retryAfter } };
}

function finish(pass: Pass, view: DagView, request: RunRequest): RequestedRun {
  pass.note(request.handled);
  pass.announce('Normal', 'RunTriggered', `Started run ${request.runId} on request.`);
  return { view };
}

function isKnown(view: DagView, { runId }: RunRequest): boolean {
  return view.runs.some((run) => run.runId === runId);
}
