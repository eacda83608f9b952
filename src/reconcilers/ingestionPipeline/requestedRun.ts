import { AirflowError } from '../../airflow/airflowError.ts';
import { ANNOTATIONS } from '../../api/group.ts';
import type { DagView } from '../../domain/dagView.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { findRunRequest, type RunRequest } from '../../domain/runRequest.ts';
import type { Connection } from '../shared/connection.ts';
import { haltOfCall } from './airflowFaults.ts';
import type { Pass } from './pass.ts';

const MAXIMUM_MESSAGE = 1024;

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
  const { spec } = pass.pipeline;
  const request = requestOf(pass);
  if (request === undefined) {
    pass.note({ lastHandledRunNonce: spec.runNonce, pendingRun: undefined });
    return { view };
  }
  if (spec.suspend === true) {
    postpone(pass, request, 'It waits until the pipeline is resumed: spec.suspend is true.');
    return { view };
  }
  return start(pass, connection, view, request);
}

/** Says what a run that was asked for waits for, where the pass ends before it could be started. */
export function postponeRequestedRun(pass: Pass, because: string): void {
  const request = requestOf(pass);
  if (request === undefined) {
    pass.note({ pendingRun: undefined });
  } else {
    postpone(pass, request, `It waits until the pipeline is deployed and enabled: ${because}`);
  }
}

function requestOf(pass: Pass): RunRequest | undefined {
  const { metadata, spec } = pass.pipeline;
  return findRunRequest({
    owner: pass.owner,
    annotation: metadata.annotations?.[ANNOTATIONS.runRequestedAt],
    nonce: spec.runNonce,
    generation: pass.generation,
    status: pass.noted(),
  });
}

/** Told by one event, and on the status for as long as it lasts. */
function postpone(pass: Pass, request: RunRequest, message: string): void {
  if (pass.before.pendingRun?.runId !== request.runId) {
    pass.announce('Normal', 'RunPending', `The run that was asked for cannot be started yet. ${message}`);
  }
  notePending(pass, request, message);
}

function notePending(pass: Pass, { runId, nonce }: RunRequest, message: string): void {
  pass.note({ pendingRun: { runId, nonce, message: message.slice(0, MAXIMUM_MESSAGE) } });
}

/**
 * Puts the id on the status before the call where it cannot be made again: that of a nonce holds the generation, which may
 * be another one after a crash.
 */
async function fixId(pass: Pass, request: RunRequest): Promise<void> {
  if (request.nonce !== undefined && pass.before.pendingRun?.runId !== request.runId) {
    notePending(pass, request, 'It is being started.');
    await pass.settle({ kind: 'undisturbed' });
  }
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
  await fixId(pass, request);
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
  notePending(pass, request, message);
  return { view, retry: { kind: 'failed', notBefore: error.retryAfter } };
}

function finish(pass: Pass, view: DagView, request: RunRequest): RequestedRun {
  pass.note({ ...request.handled, pendingRun: undefined });
  pass.announce('Normal', 'RunTriggered', `Started run ${request.runId} on request.`);
  return { view };
}

function isKnown(view: DagView, { runId }: RunRequest): boolean {
  return view.runs.some((run) => run.runId === runId);
}
