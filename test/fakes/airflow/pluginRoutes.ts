import { z } from 'zod';
import { type Answer, type Call, dagNotFound, html, json, pluginFailure } from './answer.ts';
import { cleanDagId, secureFilename } from './dagId.ts';
import {
  addRun,
  endRun,
  forgetDag,
  runsNewestFirst,
  setPaused,
  type RunRow,
  wholeSeconds,
  type World,
} from './world.ts';

const DagIdBody = z.looseObject({ dag_id: z.string() });

/** What one plugin route does with a call that names a DAG. */
export type PluginRoute = (world: World, dagId: string, call: Call) => Answer;

/** By method and operation; /deploy, /health, /health-auth and /csrf-token are elsewhere. */
export const pluginRoutes: Readonly<Record<string, PluginRoute>> = {
  'POST enable': enable,
  'POST disable': disable,
  'POST trigger': trigger,
  'POST kill': kill,
  'DELETE delete': remove,
  'GET status': status,
};

/** The DAG id that a call names, cleaned; undefined where the real plugin breaks for want of it. */
export function calledDagId(call: Call): string | undefined {
  const raw = call.query['dag_id'] ?? bodyDagId(call.body);
  return raw === undefined ? undefined : cleanDagId(raw);
}

function bodyDagId(body: string): string | undefined {
  try {
    return DagIdBody.parse(JSON.parse(body)).dag_id;
  } catch {
    return undefined;
  }
}

export function missingDagId(): Answer {
  return html(500, 'Something bad has happened.');
}

function enable(world: World, dagId: string): Answer {
  return pause(world, dagId, false, 'enabled');
}

function disable(world: World, dagId: string): Answer {
  return pause(world, dagId, true, 'disabled');
}

function pause(world: World, dagId: string, paused: boolean, word: string): Answer {
  const dag = world.dags.get(dagId);
  if (!dag) {
    return dagNotFound(dagId);
  }
  setPaused(world, dag, paused);
  return json(200, { message: `DAG ${dagId} has been ${word}` });
}

/** An absent DAG is a 500, and so is a run id that exists. The run id counts in the query only. */
function trigger(world: World, dagId: string, call: Call): Answer {
  const dag = world.dags.get(dagId);
  const runId = call.query['run_id'];
  const problem = dag ? triggerProblem(world, dagId, runId) : `Dag id ${dagId} not found in DagModel`;
  if (problem !== undefined) {
    return pluginFailure(world.profile, `Workflow [${dagId}] has filed to trigger due to [${problem}] `);
  }
  const run = addRun(world, dagId, 'manual', runId);
  const date = new Date(run.logicalDate).toISOString();
  return json(200, {
    message: `Workflow [${dagId}] has been triggered <DagRun ${dagId} @ ${date}: ${run.runId}, state:queued>`,
  });
}

/** Two runs may share neither their id nor their logical date. */
function triggerProblem(world: World, dagId: string, runId: string | undefined): string | undefined {
  const date = wholeSeconds(world.clock());
  const exists = world.runs.some(
    (run) => run.dagId === dagId && (run.runId === runId || run.logicalDate === date),
  );
  return exists
    ? `A DAG Run already exists for DAG ${dagId} at ${new Date(date).toISOString()} with run id ${runId}`
    : undefined;
}

function kill(world: World, dagId: string): Answer {
  if (!world.dags.has(dagId)) {
    return dagNotFound(dagId);
  }
  const active = runsNewestFirst(world, dagId).filter((run) => run.endTime === undefined);
  if (active.length === 0) {
    return json(404, { error: `Workflow [${dagId}] has no running or pending runs nor tasks` });
  }
  for (const run of active) {
    endRun(world, run, 'failed');
  }
  return json(200, { message: `Workflow [${dagId}] has been killed` });
}

/** One missing piece is a 500, after the others were deleted. */
function remove(world: World, dagId: string): Answer {
  const secured = secureFilename(dagId);
  const row = world.dags.get(secured);
  const pieces = [
    row !== undefined,
    world.files.delete(`${secured}.py`),
    world.files.delete(`${secured}.json`),
  ];
  if (row && world.profile.keepsRowsOfRuns && runsNewestFirst(world, secured).length > 0) {
    row.staleAt = world.clock() + world.registrationDelay;
    return pluginFailure(
      world.profile,
      `Failed to delete [${dagId}] due to [FOREIGN KEY constraint failed] `,
    );
  }
  forgetDag(world, secured);
  return pieces.every(Boolean)
    ? json(200, { message: `DAG [${dagId}] has been deleted` })
    : pluginFailure(
        world.profile,
        `Could not find and delete ${dagId}. Deleted dags: ${Number(pieces[0])}; deleted ${secured}.py: ${pieces[1]}`,
      );
}

function status(world: World, dagId: string): Answer {
  return world.dags.has(dagId)
    ? json(200, runsNewestFirst(world, dagId).slice(0, 10).map(statusItem))
    : dagNotFound(dagId);
}

function statusItem(run: RunRow): object {
  return {
    runId: run.runId,
    pipelineState: run.state,
    startDate: run.startTime ?? null,
    timestamp: run.logicalDate,
    endDate: run.endTime ?? null,
    status: null,
  };
}
