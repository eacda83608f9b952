import { z } from 'zod';
import type { Dag } from '../domain/dag.ts';
import type { DagRun } from '../domain/dagRun.ts';
import type { Airflow, DagRunQuery } from './airflow.ts';
import { AirflowError } from './airflowError.ts';
import type { CoreCalls, CoreRequest } from './coreCall.ts';
import { DagItem, ImportErrorItem, RunItem } from './coreSchemas.ts';
import { type Page, pageLength, readPages } from './paging.ts';
import { unexpected } from './unexpected.ts';
import type { Verb } from './verbs.ts';

const total = z.number().catch(Infinity);
const DagPage = z.object({ dags: z.array(DagItem), total_entries: total });
// A run in a state that we do not know must not hide the others.
const RunPage = z.object({ dag_runs: z.array(RunItem.nullable().catch(null)), total_entries: total });
const ImportErrorPage = z.object({ import_errors: z.array(ImportErrorItem), total_entries: total });

/** The verbs that Airflow's own REST API answers. */
export type CoreApi = Pick<
  Airflow,
  'listDags' | 'getDag' | 'listRuns' | 'listImportErrors' | 'forget' | 'reparse'
>;

/** Deletes the DAG with its runs from Airflow's database. While a file defines it, it comes back. */
export async function deleteRows(
  core: CoreCalls,
  verb: 'remove' | 'forget',
  dagId: string,
  signal: AbortSignal,
): Promise<void> {
  await core.call({ verb, method: 'DELETE', path: `/dags/${encodeURIComponent(dagId)}` }, signal);
}

export function createCoreApi(core: CoreCalls, root: string): CoreApi {
  async function read<T>(schema: z.ZodType<T>, request: CoreRequest, signal: AbortSignal): Promise<T> {
    const answer = await core.call(request, signal);
    if (answer === undefined) {
      throw missing(request.verb, root);
    }
    return parse(schema, answer, request.verb);
  }

  function parse<T>(schema: z.ZodType<T>, value: unknown, verb: Verb): T {
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      throw unexpected(verb, root);
    }
    return parsed.data;
  }

  async function listDags(signal: AbortSignal): Promise<Dag[]> {
    const three = (await core.version('listDags', signal)) === '/api/v2';
    const inactiveToo = three ? 'exclude_stale=false' : 'only_active=false';

    async function page(offset: number, limit: number): Promise<Page<Dag>> {
      const query = `tags=OpenMetadata&order_by=dag_id&limit=${limit}&offset=${offset}&${inactiveToo}`;
      const found = await read(DagPage, { verb: 'listDags', method: 'GET', path: `/dags?${query}` }, signal);
      return { items: found.dags, read: found.dags.length, total: found.total_entries };
    }

    return await readPages(page, (dag) => dag.dagId);
  }

  async function getDag(dagId: string, signal: AbortSignal): Promise<Dag | undefined> {
    const path = `/dags/${encodeURIComponent(dagId)}`;
    const answer = await core.call({ verb: 'getDag', method: 'GET', path }, signal);
    return answer === undefined ? undefined : parse(DagItem, answer, 'getDag');
  }

  async function listRuns(query: DagRunQuery, signal: AbortSignal): Promise<DagRun[]> {
    const batches = query.dagIds === undefined ? [undefined] : inBatches(query.dagIds);
    const runs: DagRun[] = [];
    for (const dagIds of batches) {
      runs.push(...(await listBatch(query, dagIds, signal)));
    }
    return runs;
  }

  async function listBatch(
    query: DagRunQuery,
    dagIds: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<DagRun[]> {
    async function page(offset: number, limit: number): Promise<Page<DagRun>> {
      const body = JSON.stringify({
        ...(dagIds && { dag_ids: dagIds }),
        ...(query.states && { states: query.states }),
        ...(query.startedSince !== undefined && { start_date_gte: query.startedSince }),
        ...(query.endedSince !== undefined && { end_date_gte: query.endedSince }),
        order_by: query.newest === undefined ? 'id' : '-id',
        page_limit: limit,
        page_offset: offset,
      });
      const path = '/dags/~/dagRuns/list';
      const found = await read(RunPage, { verb: 'listRuns', method: 'POST', path, body }, signal);
      const items = found.dag_runs.filter((run) => run !== null);
      return { items, read: found.dag_runs.length, total: found.total_entries };
    }

    return await readPages(page, (run) => `${run.dagId}\n${run.runId}`, query.newest);
  }

  async function listImportErrors(signal: AbortSignal): ReturnType<Airflow['listImportErrors']> {
    async function page(offset: number, limit: number) {
      const path = `/importErrors?limit=${limit}&offset=${offset}&order_by=import_error_id`;
      const found = await read(ImportErrorPage, { verb: 'listImportErrors', method: 'GET', path }, signal);
      return { items: found.import_errors, read: found.import_errors.length, total: found.total_entries };
    }

    return await readPages(page, (error) => `${error.fileLocation}\n${error.timestamp ?? ''}`);
  }

  async function reparse(fileToken: string, signal: AbortSignal): ReturnType<Airflow['reparse']> {
    const path = `/parseDagFile/${encodeURIComponent(fileToken)}`;
    try {
      const answer = await core.call({ verb: 'reparse', method: 'PUT', path }, signal);
      return answer === undefined ? 'unsupported' : 'asked';
    } catch (error) {
      if (error instanceof AirflowError && error.kind === 'permissionDenied') {
        return 'unsupported';
      }
      // Airflow 3 says so while it still has such a request to fulfil.
      if (error instanceof AirflowError && error.status === 409) {
        return 'asked';
      }
      throw error;
    }
  }

  return {
    listDags,
    getDag,
    listRuns,
    listImportErrors,
    forget: (dagId, signal) => deleteRows(core, 'forget', dagId, signal),
    reparse,
  };
}

function inBatches(dagIds: readonly string[]): string[][] {
  const batches: string[][] = [];
  for (let from = 0; from < dagIds.length; from += pageLength) {
    batches.push(dagIds.slice(from, from + pageLength));
  }
  return batches;
}

function missing(verb: Verb, root: string): AirflowError {
  return new AirflowError(
    'coreApiUnavailable',
    `Airflow at ${root} has no REST API of the kind that its version should have (for ${verb}); the plugin answers.`,
    { status: 404 },
  );
}
