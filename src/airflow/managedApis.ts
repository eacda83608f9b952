import { z } from 'zod';
import type { DagRun } from '../domain/dagRun.ts';
import type { HttpAnswer } from '../http/httpClient.ts';
import type { Airflow } from './airflow.ts';
import { AirflowError } from './airflowError.ts';
import { isUnknownDag, pluginErrorText } from './classify.ts';
import type { PluginCalls } from './pluginCall.ts';
import { newestFirst } from './runOrder.ts';
import { readLastLog } from './lastLog.ts';
import { utcTime } from './time.ts';
import { unexpected } from './unexpected.ts';
import type { Verb } from './verbs.ts';

const StatusItem = z.object({
  runId: z.string(),
  pipelineState: z.enum(['queued', 'running', 'success', 'failed']),
  startDate: z.number().nullish(),
  timestamp: z.number().nullish(),
  endDate: z.number().nullish(),
});
type StatusItem = z.infer<typeof StatusItem>;

/** The verbs that OpenMetadata's plugin answers. */
export type ManagedApis = Pick<
  Airflow,
  'recentRuns' | 'deploy' | 'enable' | 'disable' | 'trigger' | 'kill' | 'remove' | 'removeFiles' | 'lastLog'
>;

export function createManagedApis(
  plugin: PluginCalls,
  options: {
    root: string;
    deployTimeoutMilliseconds: number;
    /** Waits, for a second at most, until a run triggered then has tasks. */
    waitForStartDate: (dagId: string, signal: AbortSignal) => Promise<void>;
    /** Deletes what Airflow's database has of a DAG. */
    deleteRows: (dagId: string, signal: AbortSignal) => Promise<void>;
  },
): ManagedApis {
  async function post(verb: Verb, operation: string, dagId: string, signal: AbortSignal): Promise<void> {
    await plugin.call({ verb, method: 'POST', operation, body: dagIdBody(dagId) }, signal);
  }

  async function recentRuns(dagId: string, signal: AbortSignal): Promise<DagRun[] | undefined> {
    const operation = `status?dag_id=${encodeURIComponent(dagId)}`;
    const answer = await plugin.call(
      { verb: 'recentRuns', method: 'GET', operation, accepts: isUnknownDag },
      signal,
    );
    if (answer === undefined) {
      return undefined;
    }
    const items = z.array(StatusItem).safeParse(answer);
    if (!items.success) {
      throw unexpected('recentRuns', options.root);
    }
    return items.data.map((item) => runOf(dagId, item)).toSorted(newestFirst);
  }

  async function deploy(document: string, signal: AbortSignal): Promise<void> {
    const { deployTimeoutMilliseconds: timeoutMilliseconds } = options;
    await plugin.call(
      { verb: 'deploy', method: 'POST', operation: 'deploy', body: document, timeoutMilliseconds },
      signal,
    );
  }

  async function trigger(dagId: string, runId: string, signal: AbortSignal): Promise<void> {
    await options.waitForStartDate(dagId, signal);
    try {
      await post('trigger', `trigger?run_id=${encodeURIComponent(runId)}`, dagId, signal);
    } catch (error) {
      throw isServerError(error) ? await whyNotTriggered(error, dagId, runId, signal) : error;
    }
  }

  /** The plugin says 500 whatever the reason, and newer ones do not tell it. */
  async function whyNotTriggered(
    error: AirflowError,
    dagId: string,
    runId: string,
    signal: AbortSignal,
  ): Promise<AirflowError> {
    const runs = await recentRuns(dagId, signal);
    if (runs === undefined) {
      return refusedTrigger('dagNotFound', 'it does not know the DAG (yet).', error, options.root);
    }
    return runs.some((run) => run.runId === runId)
      ? refusedTrigger('runExists', 'a run with this id exists already.', error, options.root)
      : error;
  }

  async function kill(dagId: string, signal: AbortSignal): Promise<void> {
    const body = dagIdBody(dagId);
    await plugin.call({ verb: 'kill', method: 'POST', operation: 'kill', body, accepts: hadNoRuns }, signal);
  }

  /**
   * The plugin says 500 for a DAG that is gone, so then it is looked up. It says so too on Airflow 3 for a DAG that has run:
   * there it deletes the files and fails at the rows, which the core API can delete.
   */
  async function remove(dagId: string, signal: AbortSignal): Promise<void> {
    try {
      await callDelete('remove', dagId, signal);
    } catch (error) {
      const failed = error instanceof AirflowError && error.status !== undefined && error.status >= 500;
      if (!failed) {
        throw error;
      }
      if ((await recentRuns(dagId, signal)) !== undefined) {
        await options.deleteRows(dagId, signal);
      }
    }
  }

  /** Rows that stay, and files that were not there, are a 500 all the same. */
  async function removeFiles(dagId: string, signal: AbortSignal): Promise<void> {
    try {
      await callDelete('removeFiles', dagId, signal);
    } catch (error) {
      if (!isServerError(error)) {
        throw error;
      }
    }
  }

  async function callDelete(
    verb: 'remove' | 'removeFiles',
    dagId: string,
    signal: AbortSignal,
  ): Promise<void> {
    refuseUndeletable(dagId, options.root);
    const operation = `delete?dag_id=${encodeURIComponent(dagId)}`;
    await plugin.call({ verb, method: 'DELETE', operation }, signal);
  }

  return {
    recentRuns,
    deploy,
    enable: (dagId, signal) => post('enable', 'enable', dagId, signal),
    disable: (dagId, signal) => post('disable', 'disable', dagId, signal),
    trigger,
    kill,
    remove,
    removeFiles,
    lastLog: (dagId, taskId, signal) => readLastLog(plugin, options.root, dagId, taskId, signal),
  };
}

function dagIdBody(dagId: string): string {
  return JSON.stringify({ dag_id: dagId });
}

function hadNoRuns(answer: HttpAnswer): boolean {
  return answer.status === 404 && /no running or pending/.test(pluginErrorText(answer) ?? '');
}

function isServerError(error: unknown): error is AirflowError {
  return error instanceof AirflowError && error.kind === 'serverError';
}

function refusedTrigger(
  kind: 'dagNotFound' | 'runExists',
  reason: string,
  cause: AirflowError,
  root: string,
): AirflowError {
  const details = cause.status === undefined ? { cause } : { cause, status: cause.status };
  return new AirflowError(kind, `Airflow at ${root} could not trigger a run: ${reason}`, details);
}

/** The plugin strips underscores from the ends of an id and would delete the DAG of that other name. */
function refuseUndeletable(dagId: string, root: string): void {
  if (/^_|_$/.test(dagId)) {
    throw new AirflowError(
      'invalidPayload',
      `Airflow at ${root} was not asked to remove the DAG ${dagId}: the plugin cannot delete ids that begin or end with ` +
        'an underscore, and would delete another DAG instead. Delete its files and the DAG by hand.',
    );
  }
}

function runOf(dagId: string, item: StatusItem): DagRun {
  return {
    dagId,
    runId: item.runId,
    state: item.pipelineState,
    trigger: /^([a-z_]+)__/.exec(item.runId)?.[1] ?? 'manual',
    ...utcTime('startTime', item.startDate),
    ...utcTime('endTime', item.endDate),
    ...utcTime('logicalDate', item.timestamp),
  };
}
