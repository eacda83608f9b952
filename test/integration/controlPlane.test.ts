import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { eventually } from '../support/eventually.ts';
import { terminalProgress } from '../support/progress.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';

const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.example.com' },
  spec: {
    group: 'test.example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

let plane: ControlPlane;
const files = temporaryDirectory('control-plane-test');

beforeAll(async () => {
  const crds = join(files.path, 'widgets.json');
  writeFileSync(crds, JSON.stringify(WIDGETS));
  plane = await startControlPlane({ progress: terminalProgress(), crds });
});

afterAll(async () => {
  await plane?.stop();
  files.remove();
});

async function kubectl(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await plane.kubectl(args);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return stdout;
}

async function expectNotFound(...args: string[]): Promise<void> {
  const { stderr } = await plane.kubectl(['get', ...args]);
  expect(stderr).toContain('NotFound');
}

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const WIDGET = { apiVersion: 'test.example.com/v1', kind: 'Widget' };

interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

function manifest(type: typeof WIDGET, name: string, ownerReferences: OwnerReference[] = []): string {
  return JSON.stringify({ ...type, metadata: { name, namespace: 'default', ownerReferences } });
}

async function processesOf(directory: string): Promise<string[]> {
  const listing = await runCommandOrThrow('ps', ['-A', '-o', 'pid=,args=']);
  return listing.split('\n').filter((line) => line.includes(directory));
}

test('it serves the version that it was built from', async () => {
  expect(await kubectl('version')).toContain('Server Version: v1.34.4');
});

test('a namespace is deleted to its end', async () => {
  await kubectl('create', 'namespace', 'short-lived');
  await kubectl('create', 'configmap', 'inside', '--namespace=short-lived');
  await kubectl('delete', 'namespace', 'short-lived', '--timeout=30s');
  await expectNotFound('namespace', 'short-lived');
});

test('a service account may do only what it was given', async () => {
  await kubectl('create', 'serviceaccount', 'restricted', '--namespace=default');
  const kubeconfig = await plane.serviceAccountKubeconfig('default', 'restricted');
  const secrets = await plane.kubectl(['get', 'secrets', '--namespace=default'], { kubeconfig });
  expect(secrets.exitCode).toBe(1);
  expect(secrets.stderr).toContain('Forbidden');
  expect(secrets.stderr).toContain('system:serviceaccount:default:restricted');
});

test.each([CONFIG_MAP, WIDGET])('what a $kind leaves behind is collected', async (type) => {
  await plane.apply(manifest(type, 'owner'));
  const uid = await kubectl('get', type.kind, 'owner', '--output=jsonpath={.metadata.uid}');
  await plane.apply(manifest(CONFIG_MAP, 'owned', [{ ...type, name: 'owner', uid }]));
  await kubectl('delete', type.kind, 'owner');
  await eventually(() => expectNotFound('configmap', 'owned'));
});

test('a manifest that is refused is an error with the reason', async () => {
  await expect(plane.apply('{"apiVersion":"v1","kind":"Nonsense","metadata":{"name":"x"}}')).rejects.toThrow(
    'no matches for kind "Nonsense"',
  );
});

test('the API server comes back with its data', async () => {
  await plane.apply(manifest(CONFIG_MAP, 'survivor'));
  await plane.stopApiServer();
  expect((await plane.kubectl(['get', 'configmap', 'survivor'])).exitCode).toBe(1);
  await plane.startApiServer();
  await kubectl('get', 'configmap', 'survivor');
  await kubectl('create', 'namespace', 'after-restart');
  await kubectl('delete', 'namespace', 'after-restart', '--timeout=30s');
});

test('the audit log has every request', async () => {
  await kubectl('get', 'configmap', 'looked-for', '--ignore-not-found');
  const lines = readFileSync(plane.auditLog, 'utf8').trimEnd().split('\n');
  const events = lines.map((line): unknown => JSON.parse(line));
  expect(events).toContainEqual(
    expect.objectContaining({
      stage: 'ResponseComplete',
      verb: 'get',
      user: expect.objectContaining({ username: 'admin' }),
      objectRef: expect.objectContaining({ resource: 'configmaps', name: 'looked-for' }),
    }),
  );
});

test('two planes run side by side, and a stop leaves no process behind', async () => {
  const second = await startControlPlane();
  expect(second.url).not.toBe(plane.url);
  expect(await processesOf(second.directory)).toHaveLength(3);
  await second.stop();
  expect(await processesOf(second.directory)).toEqual([]);
  await expect(runCommandOrThrow('ls', [second.directory])).rejects.toThrow('No such file');
});
