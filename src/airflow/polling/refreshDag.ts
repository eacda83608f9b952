import type { DagView } from '../../domain/dagView.ts';
import type { Airflow } from '../airflow.ts';
import { importErrorText, readImportErrors, wantsImportErrors } from './importErrors.ts';
import { type LookLog, meansNoCoreApi, type Subject } from './pollerState.ts';
import { readStatus } from './pollStatus.ts';
import type { Snapshot } from './snapshot.ts';

const runsPerDag = 10;

export interface RefreshOptions {
  readonly airflow: Airflow;
  readonly snapshot: Snapshot;
  readonly looks: LookLog;
}

/** Reads one DAG and its newest runs into the snapshot, through the plugin where the core API cannot be used. */
export async function refreshDag(
  options: RefreshOptions,
  dagId: string,
  signal: AbortSignal,
): Promise<DagView> {
  const { airflow, snapshot } = options;
  if (!(await throughCoreApi(options, 'dags', () => readDag(options, dagId, signal)))) {
    await readStatus(airflow, snapshot, { dagId, withRegistration: true }, signal);
  } else if (
    snapshot.isRegistered(dagId) &&
    !(await throughCoreApi(options, 'runs', () => readNewestRuns(options, dagId, signal)))
  ) {
    await readStatus(airflow, snapshot, { dagId, withRegistration: false }, signal);
  }
  return snapshot.view(dagId) ?? { registered: false, runs: [] };
}

/** Does not try what was refused: the loops find out when that has changed. */
async function throughCoreApi(
  { looks }: RefreshOptions,
  subject: Subject,
  read: () => Promise<void>,
): Promise<boolean> {
  if (looks.isCoreApiRefused(subject)) {
    return false;
  }
  try {
    await read();
    return true;
  } catch (error) {
    if (!meansNoCoreApi(error)) {
      throw error;
    }
    looks.coreApiRefused(subject, error);
    return false;
  }
}

async function readDag(
  { airflow, snapshot }: RefreshOptions,
  dagId: string,
  signal: AbortSignal,
): Promise<void> {
  const readId = snapshot.beginRead();
  snapshot.putDag(readId, dagId, await airflow.getDag(dagId, signal));
  const view = snapshot.view(dagId);
  const errors = wantsImportErrors(view) ? await readImportErrors(airflow, signal) : undefined;
  if (errors) {
    snapshot.putImportError(dagId, importErrorText(errors, dagId, view?.dag?.fileLocation));
  }
}

async function readNewestRuns(
  { airflow, snapshot }: RefreshOptions,
  dagId: string,
  signal: AbortSignal,
): Promise<void> {
  const readId = snapshot.beginRead();
  const runs = await airflow.listRuns({ dagIds: [dagId], newest: runsPerDag }, signal);
  snapshot.putRuns(readId, dagId, runs);
}
