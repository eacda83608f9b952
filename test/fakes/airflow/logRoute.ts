import { type Answer, dagNotFound, json } from './answer.ts';
import { runsNewestFirst, type World } from './world.ts';

const chunkLength = 2_000_000;

/** GET /last_dag_logs: one chunk of the newest run's log, under the task's own name. */
export function lastDagLogs(world: World, dagId: string, query: Readonly<Record<string, string>>): Answer {
  const taskId = query['task_id'] ?? '';
  if (!world.dags.has(dagId)) {
    return dagNotFound(dagId);
  }
  const run = runsNewestFirst(world, dagId)[0];
  if (!run) {
    return json(404, { error: `No DAG run found for ${dagId}.` });
  }
  if (run.startTime === undefined || !run.hasTasks) {
    return json(404, { error: `Cannot find any task instance for the last DagRun of ${dagId}.` });
  }
  if (!taskId.endsWith('_task')) {
    return json(400, { error: `Task ${taskId} not found in DAG ${dagId}.` });
  }
  const text = world.logs.get(dagId) ?? `INFO - run ${run.runId}\n`;
  return chunk(text, taskId, dagId, query['after']);
}

function chunk(text: string, taskId: string, dagId: string, after: string | undefined): Answer {
  const total = Math.ceil(text.length / chunkLength);
  const index = Number(after ?? 0);
  if (index >= total) {
    return json(400, {
      error: `After index ${index} is out of bounds. Total pagination is ${total} for DAG ${dagId} and Task ${taskId}.`,
    });
  }
  const part = text.slice(index * chunkLength, (index + 1) * chunkLength);
  return json(200, {
    [taskId]: part,
    total,
    ...(index + 1 < total && { after: index + 1 }),
  });
}
