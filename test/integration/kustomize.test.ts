import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createHelm, type Helm, type Manifest, manifestsOf, type Values } from '../chart/helm.ts';
import { rightsOf } from '../chart/rights.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { terminalProgress } from '../support/progress.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const KUSTOMIZE = join(ROOT, 'deploy', 'kustomize');
const NAME = 'openmetadata-ingestion-operator';
const NAMESPACE = 'openmetadata';
/** Pods that Pod Security `restricted` would not let in are told of by a warning. */
const RESTRICTED = 'pod-security.kubernetes.io/warn=restricted';

let plane: ControlPlane;
let helm: Helm;

beforeAll(async () => {
  plane = await startControlPlane({ progress: terminalProgress() });
  helm = await createHelm(plane.directory, plane);
  for (const namespace of [NAMESPACE, 'data-platform']) {
    await kubectl(['create', 'namespace', namespace]);
    await kubectl(['label', 'namespace', namespace, RESTRICTED]);
  }
});

afterAll(async () => {
  await plane?.stop();
});

async function kubectl(args: readonly string[], stdin = ''): Promise<string> {
  const { stdout, stderr } = await plane.kubectl(args, { stdin });
  expect(stderr).toBe('');
  return stdout;
}

function build(directory: string): Promise<string> {
  return kubectl(['kustomize', join(KUSTOMIZE, directory)]);
}

test.each(['crds', 'base', 'overlays/example'])(
  'the API server takes %s, and lets its pods run',
  async (name) => {
    const rendering = await build(name);
    const args = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f=-'];
    const answer = await kubectl(args, rendering);
    expect(answer.trim().split('\n')).toHaveLength(manifestsOf(rendering).length);
  },
);

test('the base is what the chart installs with no value set', async () => {
  expect(comparable(manifestsOf(await build('base')))).toEqual(comparable(await chart({})));
});

test('the component grants what `secretDocuments.enabled` does', async () => {
  const ofComponent = rightsOf(manifestsOf(await build('overlays/example')));
  const ofChart = rightsOf(await chart({ secretDocuments: { enabled: true } }));
  expect(ofComponent).toEqual(ofChart.map((right) => right.replace(NAMESPACE, 'data-platform')));
});

test('the example goes to its own namespace, and knows it', async () => {
  const manifests = manifestsOf(await build('overlays/example'));
  const text = JSON.stringify(manifests.filter(({ kind }) => kind !== 'CustomResourceDefinition'));
  const places = [...text.matchAll(/"namespace":"([^"]*)"/g)].map(([, place]) => place);
  expect(new Set(places)).toEqual(new Set(['data-platform']));
  expect(text).toContain('--lease-namespace=$(NAMESPACE)');
  expect(text).toContain('{"name":"NAMESPACE","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}}');
});

async function chart(values: Values): Promise<Manifest[]> {
  const manifests = await helm.render(values, { release: NAME, namespace: NAMESPACE });
  return manifests.filter(({ kind }) => kind !== 'Pod');
}

const HELM_ONLY = [
  'helm.sh/chart',
  'helm.sh/resource-policy',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/version',
];
const Container = z.looseObject({ env: z.unknown().optional() });

/** By kind and name, without what only Helm needs, and with the namespace as the pod sees it. */
function comparable(manifests: readonly Manifest[]): Record<string, unknown> {
  return Object.fromEntries(
    manifests.map((manifest) => {
      const plain: unknown = JSON.parse(JSON.stringify(manifest), (key, value: unknown) =>
        withoutHelm(key, value),
      );
      const name = manifest.metadata.name.replace(`${NAMESPACE}-${NAME}`, NAME);
      return [`${manifest.kind} ${name}`, plain];
    }),
  );
}

function withoutHelm(key: string, value: unknown): unknown {
  if (HELM_ONLY.includes(key)) return undefined;
  if (typeof value === 'string') {
    return value.replace(`${NAMESPACE}-${NAME}`, NAME).replace('$(NAMESPACE)', NAMESPACE);
  }
  if (key === 'containers') {
    return Container.array()
      .parse(value)
      .map(({ env: _env, ...container }) => container);
  }
  return value;
}
