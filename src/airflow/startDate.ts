import { setTimeout as wait } from 'node:timers/promises';
import { AirflowError } from './airflowError.ts';
import type { CoreAnswer, CoreCalls } from './coreCall.ts';
import { DagItem } from './coreSchemas.ts';

/**
 * Newer plugins give a DAG the time of its parse as start date, and date a triggered run to the whole second. A run triggered
 * in the second of a parse is dated before the start, so Airflow gives it no tasks and calls it a success at once. Right
 * after a deploy that is likely, so the second is waited out.
 */
export async function waitForStartDate(core: CoreCalls, dagId: string, signal: AbortSignal): Promise<void> {
  const milliseconds = untilStartDate(await readDag(core, dagId, signal));
  if (milliseconds > 0) {
    await wait(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Where the core API cannot be used, the call goes on without. */
async function readDag(core: CoreCalls, dagId: string, signal: AbortSignal): Promise<CoreAnswer | undefined> {
  const path = `/dags/${encodeURIComponent(dagId)}`;
  try {
    return await core.callAt({ verb: 'trigger', method: 'GET', path }, signal);
  } catch (error) {
    if (error instanceof AirflowError) {
      return undefined;
    }
    throw error;
  }
}

/** Milliseconds until Airflow's clock shows a whole second after the last parse. Both times are Airflow's own. */
export function untilStartDate(answer: CoreAnswer | undefined): number {
  const parsed = Date.parse(DagItem.safeParse(answer?.value).data?.lastParsedTime ?? '');
  const at = answer?.at;
  if (at === undefined || Number.isNaN(parsed) || at >= parsed) {
    return 0;
  }
  const nextSecond = Math.ceil(parsed / 1_000) * 1_000;
  return Math.min(nextSecond - parsed + 10, 1_000);
}
