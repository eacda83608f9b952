import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';
import { answerAlways } from './answers.ts';
import { type ClientCase, READY } from './case.ts';
import type { FaultWorld } from './faultWorld.ts';
import { startReverseProxy } from './reverseProxy.ts';

const notFound = {
  type: 'Reachable',
  status: 'False',
  reason: 'ManagedAPIsNotFound',
  message: /No managed APIs.*tried .*Install openmetadata-managed-apis.*or correct apiEndpoint/,
} as const;

/** APIs not found: plugin missing, a page answered, wrong base path. */
export const missingApis: readonly ClientCase[] = [
  {
    name: 'plugin-missing',
    situation: 'the plugin is not there for the web server of Airflow',
    arrange: async (world) => ({ spec: { apiEndpoint: (await startWithoutPlugin(world)).url } }),
    finding: notFound,
  },
  {
    name: 'login-page',
    situation: 'a proxy answers with its login page',
    arrange: async (world) => ({
      spec: {
        apiEndpoint: (await world.keep(answerAlways({ status: 200, body: '<form>Sign in</form>' }))).url,
      },
    }),
    finding: notFound,
  },
  {
    name: 'login-redirect',
    situation: 'a proxy sends to its login page',
    arrange: async (world) => ({
      spec: {
        apiEndpoint: (
          await world.keep(answerAlways({ status: 302, headers: { location: 'https://login.invalid/' } }))
        ).url,
      },
    }),
    finding: {
      ...notFound,
      message: /redirects to another address.*Set apiEndpoint to the final address.*login pages/,
    },
  },
  {
    name: 'wrong-path',
    situation: 'apiEndpoint has a path that leads nowhere',
    arrange: ({ airflow }) => ({ spec: { apiEndpoint: `${airflow.url}/nothing/here` } }),
    finding: notFound,
  },
  {
    name: 'path-cut',
    situation: 'an ingress cuts a part of the path that Airflow needs',
    arrange: async (world) => ({
      spec: { apiEndpoint: (await behindIngress(world, '/api')).url },
    }),
    finding: notFound,
  },
  {
    name: 'path-prefix',
    situation: 'an ingress serves Airflow below a path of its own',
    arrange: async (world) => ({
      spec: { apiEndpoint: `${(await behindIngress(world, '/airflow')).url}/airflow` },
    }),
    finding: READY,
  },
];

/** Another web server of the same Airflow, for which an empty package stands before the plugin's. */
async function startWithoutPlugin(world: FaultWorld): Promise<{ url: string }> {
  const directory = temporaryDirectory('no-plugin');
  const shadow = join(directory.path, 'openmetadata_managed_apis');
  mkdirSync(shadow);
  writeFileSync(join(shadow, '__init__.py'), '');
  return world.keep(world.airflow.startAnotherWeb({ PYTHONPATH: directory.path }));
}

function behindIngress(world: FaultWorld, cut: string): Promise<{ url: string }> {
  function rewrite(path: string): string {
    return path.startsWith(`${cut}/`) ? path.slice(cut.length) : path;
  }

  return world.keep(startReverseProxy(world.airflow.url, { rewrite }));
}
