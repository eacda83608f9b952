import { type Answer, type Call, airflowError, json } from './answer.ts';
import { registerAgain } from './deploy.ts';
import { requestParse } from './mount.ts';
import { type DagRow, forgetDag, type World } from './world.ts';

const longestPage = 100;

/** GET /dags: pages are cut at 100 without a word. */
export function listDags(world: World, call: Call): Answer {
  const tag = call.query['tags'];
  const onlyActive = call.query['only_active'] ?? call.query['exclude_stale'] ?? 'true';
  const matching = [...world.dags.values()]
    .filter((dag) => tag === undefined || dag.tags.includes(tag))
    .filter((dag) => dag.isActive || onlyActive.toLowerCase() === 'false');
  const offset = Number(call.query['offset'] ?? 0);
  const usual = world.profile.major === 2 ? 100 : 50;
  const limit = Math.min(Number(call.query['limit'] ?? usual), longestPage);
  return json(200, {
    dags: matching.slice(offset, offset + limit).map((dag) => dagItem(world, dag)),
    total_entries: matching.length,
  });
}

export function getDag(world: World, dagId: string): Answer {
  const dag = world.dags.get(dagId);
  return dag ? json(200, dagItem(world, dag)) : airflowError(world.profile, 404, 'DAG not found');
}

/** DELETE /dags/{dagId}: the rows only. */
export function deleteDag(world: World, call: Call, dagId: string): Answer {
  if (world.profile.generation === '2.10.5' && call.headers['content-type'] !== undefined) {
    return airflowError(world.profile, 400, 'Bad Request');
  }
  if (!world.dags.has(dagId)) {
    return airflowError(world.profile, 404, 'DAG not found');
  }
  if (world.runs.some((run) => run.dagId === dagId && run.state === 'running')) {
    return airflowError(world.profile, 409, 'Task instances of the dag are still running');
  }
  forgetDag(world, dagId);
  registerAgain(world, dagId);
  return { status: 204, body: '', headers: {} };
}

/** PUT /parseDagFile/{token}: a token is of a file that Airflow knows. Only Airflow 3 minds being asked twice. */
export function parseDagFile(world: World, token: string): Answer {
  const result = requestParse(world, Buffer.from(token, 'base64url').toString());
  if (result === 'unknown') {
    return airflowError(world.profile, 404, 'File not found');
  }
  return result === 'pending' && world.profile.major === 3
    ? airflowError(world.profile, 409, 'Parsing request already exists')
    : json(201, null);
}

function tokenOf(fileLocation: string): string {
  return Buffer.from(fileLocation).toString('base64url');
}

function dagItem(world: World, dag: DagRow): object {
  return {
    dag_id: dag.dagId,
    dag_display_name: dag.dagId,
    is_paused: dag.isPaused,
    description: dag.description === '' ? null : dag.description,
    fileloc: dag.fileLocation,
    file_token: tokenOf(dag.fileLocation),
    has_import_errors: dag.hasImportErrors,
    last_parsed_time: new Date(dag.lastParsedAt).toISOString(),
    tags: dag.tags.map((name) => ({ name })),
    ...(world.profile.major === 2 ? { is_active: dag.isActive } : { is_stale: !dag.isActive }),
  };
}

/** GET /importErrors. */
export function listImportErrors(world: World, call: Call): Answer {
  const three = world.profile.major === 3;
  const errors = [...world.importErrors].map(([dagId, error], index) => ({
    import_error_id: index + 1,
    timestamp: new Date(error.at).toISOString(),
    filename: three ? `${dagId}.py` : `${world.profile.dagsFolder}/${dagId}.py`,
    stack_trace:
      world.redactsImportErrors && !world.dags.has(dagId)
        ? 'REDACTED - you do not have read permission on all DAGs in the file'
        : error.stackTrace,
    ...(three && { bundle_name: 'dags-folder' }),
  }));
  const offset = Number(call.query['offset'] ?? 0);
  return json(200, {
    import_errors: errors.slice(offset, offset + longestPage),
    total_entries: errors.length,
  });
}
