import type { Access } from './access.ts';
import { type Answer, type Call, json } from './answer.ts';
import { coreRoute, unknownRoute } from './coreRoutes.ts';
import { deploy, type DeployFaults } from './deploy.ts';
import type { DagPermission, FakeOpenMetadataAnswers } from './fakeAirflow.ts';
import { lastDagLogs } from './logRoute.ts';
import { calledDagId, missingDagId, pluginRoutes } from './pluginRoutes.ts';
import type { World } from './world.ts';

export interface Router {
  readonly world: World;
  readonly access: Access;
  readonly openMetadata: FakeOpenMetadataAnswers | 'ask';
}

const permissions: Readonly<Record<string, DagPermission>> = {
  deploy: 'can_create',
  'health-auth': 'can_create',
  delete: 'can_delete',
  status: 'can_read',
  last_dag_logs: 'can_read',
  'csrf-token': 'can_read',
  enable: 'can_edit',
  disable: 'can_edit',
  trigger: 'can_edit',
  kill: 'can_edit',
};

const corePermissions: Readonly<Record<string, DagPermission>> = { DELETE: 'can_delete', PUT: 'can_edit' };

/** Does what Airflow would do with a call. */
export async function route(router: Router, call: Call, faults: DeployFaults): Promise<Answer> {
  const { profile } = router.world;
  const plugin = below(profile.pluginPath, call.path);
  if (plugin !== undefined) {
    return await pluginCall(router, call, plugin, faults);
  }
  if (profile.major === 3 && call.method === 'POST' && call.path === '/auth/token') {
    return router.access.giveToken(call.body);
  }
  const core = below(profile.corePath, call.path);
  return core === undefined ? unknownRoute(router.world, call) : coreCall(router, call, core);
}

function below(base: string, path: string): string | undefined {
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
}

async function pluginCall(
  router: Router,
  call: Call,
  operation: string,
  faults: DeployFaults,
): Promise<Answer> {
  const { world, access } = router;
  if (operation === 'health') {
    return health(world);
  }
  const refusal = world.profile.major === 2 ? access.basic(call, permissions[operation]) : access.csrf(call);
  if (refusal) {
    return refusal;
  }
  const name = `${call.method} ${operation}`;
  if (name === 'GET health-auth') {
    return health(world);
  }
  if (name === 'GET csrf-token' && world.profile.generation !== '2.7.3') {
    return access.giveCsrf();
  }
  if (name === 'POST deploy') {
    return await deploy(world, call, router.openMetadata, faults);
  }
  return dagCall(world, call, name);
}

function health(world: World): Answer {
  return json(200, { status: 'healthy', version: world.profile.pluginVersion });
}

function dagCall(world: World, call: Call, name: string): Answer {
  const dagId = calledDagId(call);
  const pluginRoute = pluginRoutes[name];
  if (!pluginRoute && name !== 'GET last_dag_logs') {
    return unknownRoute(world, call);
  }
  if (dagId === undefined) {
    return missingDagId();
  }
  return pluginRoute ? pluginRoute(world, dagId, call) : lastDagLogs(world, dagId, call.query);
}

function coreCall(router: Router, call: Call, path: string): Answer {
  const { world, access } = router;
  if (path === 'version' || !/^(dags|importErrors|parseDagFile)(\/|$)/.test(path)) {
    return coreRoute(world, call, path);
  }
  const needed = corePermissions[call.method] ?? 'can_read';
  const refusal = world.profile.major === 2 ? access.basic(call, needed) : access.bearer(call, needed);
  return refusal ?? coreRoute(world, call, path);
}
