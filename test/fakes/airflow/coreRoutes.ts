import { type Answer, type Call, html, json, problem } from './answer.ts';
import { deleteDag, getDag, listDags, listImportErrors, parseDagFile } from './coreDags.ts';
import { getRun, listRuns } from './coreRuns.ts';
import type { World } from './world.ts';

/** Airflow's own REST API, below its base path, for a caller who may use it. */
export function coreRoute(world: World, call: Call, path: string): Answer {
  const [collection, id, nested, nestedId] = path.split('/').map(decodeURIComponent);
  const route = `${call.method} ${collection}`;
  if (route === 'GET version') {
    return json(200, { version: world.profile.generation, git_version: null });
  }
  if (route === 'GET importErrors') {
    return listImportErrors(world, call);
  }
  if (route === 'PUT parseDagFile' && id !== undefined && world.profile.generation !== '2.7.3') {
    return parseDagFile(world, id);
  }
  if (route === 'POST dags' && id === '~' && nested === 'dagRuns' && nestedId === 'list') {
    return listRuns(world, call.body);
  }
  if (route === 'GET dags' && id === undefined) {
    return listDags(world, call);
  }
  if (route === 'GET dags' && id !== undefined && nested === undefined) {
    return getDag(world, id);
  }
  if (route === 'DELETE dags' && id !== undefined && nested === undefined) {
    return deleteDag(world, call, id);
  }
  if (route === 'GET dags' && id !== undefined && nested === 'dagRuns' && nestedId !== undefined) {
    return getRun(world, id, nestedId);
  }
  return unknownRoute(world, call);
}

/** Airflow 3 answers unknown GETs outside its API with its UI page, and Airflow 2 with a page that says 404. */
export function unknownRoute(world: World, call: Call): Answer {
  const isApi = call.path.startsWith('/api/');
  if (world.profile.major === 2) {
    return isApi && call.path.startsWith('/api/v1/')
      ? problem(404, 'Not Found')
      : html(404, 'Page cannot be found.');
  }
  if (isApi) {
    return json(404, { error: 'API route not found' });
  }
  return call.method === 'GET'
    ? html(200, '<div id="root"></div>')
    : json(405, { detail: 'Method Not Allowed' });
}
