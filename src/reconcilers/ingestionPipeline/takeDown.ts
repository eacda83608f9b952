import { AirflowError } from '../../airflow/airflowError.ts';
import { decideRemoval, type RemovalDecision } from '../../domain/removalDecision.ts';
import { stillDeleting } from './stillDeleting.ts';
import type { ConnectedTakeDown, TakeDown } from './takeDownTask.ts';
import { withdraw } from './withdraw.ts';

const SOON = 1_000;
const UNCONNECTED_RETRY = 2_000;
const RETRY = 10_000;

/**
 * Pauses the DAG, stops its runs, deletes it, and proves by reading that it is gone; or says why it may be left behind.
 * Halts where Airflow is down or takes its time.
 */
export async function takeDown(task: TakeDown): Promise<RemovalDecision> {
  const decision = decideRemoval(task.facts);
  const { connection } = task;
  if (connection === undefined) {
    return decisionOrHalt(decision);
  }
  const connected = { ...task, connection };
  switch (decision.kind) {
    case 'finish':
      return (await isMarked(connected)) ? takeStepsOrHalt(connected) : decision;
    case 'wait':
      return takeStepsOrHalt(connected);
    case 'orphan':
    case 'pause':
    case 'stopRuns':
    case 'delete':
    case 'withdraw':
    case 'forget':
      return decision;
    default:
      return decision satisfies never;
  }
}

function decisionOrHalt(decision: RemovalDecision): RemovalDecision {
  if (decision.kind === 'wait') {
    throw stillDeleting('The connection to Airflow is being made.', UNCONNECTED_RETRY);
  }
  return decision;
}

/**
 * Whether the DAG is there with our mark, though the status, lost with a backup, knows of no deploy. An Airflow that
 * cannot be read is not waited for: most likely it never had the DAG.
 */
async function isMarked({ pass, connection, facts }: ConnectedTakeDown): Promise<boolean> {
  try {
    const view = await connection.poller.refresh(pass.dagId, pass.signal);
    return decideRemoval({ ...facts, view }).kind !== 'finish';
  } catch (error) {
    if (error instanceof AirflowError) {
      return false;
    }
    throw error;
  }
}

async function takeStepsOrHalt(task: ConnectedTakeDown): Promise<RemovalDecision> {
  try {
    return await takeSteps(task);
  } catch (error) {
    return explain(task, error);
  }
}

/** Each step at most once: what has no effect yet is not repeated before it is looked at again in a while. */
async function takeSteps(task: ConnectedTakeDown): Promise<RemovalDecision> {
  const { pass, connection, facts } = task;
  const taken = new Set<RemovalDecision['kind']>();
  let decision: RemovalDecision;
  do {
    const view = await connection.poller.refresh(pass.dagId, pass.signal);
    decision = decideRemoval({ ...facts, view });
    if (taken.has(decision.kind)) {
      throw stillDeleting('Airflow has not let go of the DAG yet.', SOON);
    }
    taken.add(decision.kind);
  } while (await act(task, decision));
  return decision;
}

/** Takes the next step; false where there is none left to take. */
async function act(task: ConnectedTakeDown, decision: RemovalDecision): Promise<boolean> {
  const { pass, connection } = task;
  const { airflow } = connection;
  switch (decision.kind) {
    case 'pause':
      await airflow.disable(pass.dagId, pass.signal);
      return true;
    case 'stopRuns':
      await airflow.kill(pass.dagId, pass.signal);
      return true;
    case 'delete':
      // A loader that stands by would take the DAG over.
      await task.dropDocuments();
      await airflow.remove(pass.dagId, pass.signal);
      return true;
    case 'withdraw':
      return withdraw(task);
    case 'forget':
      await task.dropDocuments();
      await airflow.forget(pass.dagId, pass.signal);
      return true;
    case 'finish':
    case 'orphan':
    case 'wait':
      return false;
    default:
      return decision satisfies never;
  }
}

function explain({ credentialsAreStale }: TakeDown, error: unknown): RemovalDecision {
  if (!(error instanceof AirflowError)) {
    throw error;
  }
  if (error.kind === 'invalidCredentials' && credentialsAreStale) {
    return { kind: 'orphan', because: 'credentialsGone' };
  }
  throw stillDeleting(
    `The DAG cannot be removed yet. ${error.message}`,
    error.kind === 'dagNotFound' ? SOON : RETRY,
  );
}
