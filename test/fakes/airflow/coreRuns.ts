import { z } from 'zod';
import { type Answer, airflowError, json } from './answer.ts';
import type { RunRow, World } from './world.ts';

/** Airflow 3 refuses fields that it does not know, so this says which the real one knows. */
const RunFilter = z.strictObject({
  dag_ids: z.array(z.string()).optional(),
  states: z.array(z.string()).optional(),
  page_limit: z.number().optional(),
  page_offset: z.number().optional(),
  order_by: z.string().optional(),
  start_date_gte: z.string().optional(),
  start_date_lte: z.string().optional(),
  end_date_gte: z.string().optional(),
  end_date_lte: z.string().optional(),
});
type RunFilter = z.infer<typeof RunFilter>;

const orders: Readonly<Record<string, (run: RunRow) => number | string>> = {
  id: (run) => run.queuedAt,
  dag_id: (run) => run.dagId,
  start_date: (run) => run.startTime ?? 0,
  end_date: (run) => run.endTime ?? 0,
  logical_date: (run) => run.logicalDate,
  execution_date: (run) => run.logicalDate,
  run_after: (run) => run.logicalDate,
};

/** POST /dags/~/dagRuns/list. */
export function listRuns(world: World, body: string): Answer {
  const parsed = RunFilter.safeParse(parseBody(body));
  const order = parsed.data?.order_by ?? 'id';
  const key = orders[order.replace(/^-/, '')];
  if (!parsed.success || !key || !knowsOrder(world, order)) {
    return airflowError(world.profile, world.profile.major === 2 ? 400 : 422, 'Bad Request');
  }
  const filter = parsed.data;
  const direction = order.startsWith('-') ? -1 : 1;
  const matching = world.runs
    .filter((run) => world.dags.has(run.dagId) && matches(run, filter))
    .toSorted((left, right) => (key(left) < key(right) ? -direction : direction));
  const offset = filter.page_offset ?? 0;
  const page = matching.slice(offset, offset + Math.min(filter.page_limit ?? 100, 100));
  return json(200, { dag_runs: page.map((run) => runItem(world, run)), total_entries: matching.length });
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function knowsOrder(world: World, order: string): boolean {
  const name = order.replace(/^-/, '');
  return world.profile.major === 2
    ? !['logical_date', 'run_after'].includes(name)
    : name !== 'execution_date';
}

function matches(run: RunRow, filter: RunFilter): boolean {
  return (
    (filter.dag_ids === undefined || filter.dag_ids.includes(run.dagId)) &&
    (filter.states === undefined || filter.states.includes(run.state)) &&
    within(run.startTime, filter.start_date_gte, filter.start_date_lte) &&
    within(run.endTime, filter.end_date_gte, filter.end_date_lte)
  );
}

function within(time: number | undefined, from: string | undefined, until: string | undefined): boolean {
  if (from === undefined && until === undefined) {
    return true;
  }
  return (
    time !== undefined &&
    (from === undefined || time >= Date.parse(from)) &&
    (until === undefined || time <= Date.parse(until))
  );
}

/** GET /dags/{dagId}/dagRuns/{runId}. */
export function getRun(world: World, dagId: string, runId: string): Answer {
  const run = world.runs.find((candidate) => candidate.dagId === dagId && candidate.runId === runId);
  return run ? json(200, runItem(world, run)) : airflowError(world.profile, 404, 'DAGRun not found');
}

function runItem(world: World, run: RunRow): object {
  const logicalDate = new Date(run.logicalDate).toISOString();
  return {
    dag_run_id: run.runId,
    dag_id: run.dagId,
    state: run.state,
    run_type: run.trigger,
    logical_date: logicalDate,
    start_date: isoTime(run.startTime),
    end_date: isoTime(run.endTime),
    ...(world.profile.major === 2
      ? { execution_date: logicalDate, external_trigger: run.trigger === 'manual' }
      : { run_after: logicalDate, queued_at: new Date(run.queuedAt).toISOString() }),
  };
}

function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
