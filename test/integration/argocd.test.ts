import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { API_GROUP } from '../../src/api/group.ts';
import { createHelm } from '../chart/helm.ts';
import { CUSTOMIZATIONS, createReaders, type Readers, Resource } from '../gitops/readers.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';

const ARGO = join(CUSTOMIZATIONS, '..', '..');
const KINDS = ['IngestionPipeline', 'PipelineServiceClient'];

const HealthTests = z.object({
  tests: z.array(
    z.object({ inputPath: z.string(), healthStatus: z.object({ status: z.string(), message: z.string() }) }),
  ),
});
const NamedAction = z.object({
  name: z.string(),
  disabled: z.boolean(),
  displayName: z.string(),
  iconClass: z.string(),
});
const ActionTests = z.object({
  discoveryTests: z.array(z.object({ inputPath: z.string(), result: z.array(NamedAction) })),
  actionTests: z.array(
    z.object({ action: z.string(), inputPath: z.string(), expectedOutputPath: z.string() }),
  ),
});
const Patch = z.strictObject({
  metadata: z.strictObject({ annotations: z.record(z.string(), z.string()) }).optional(),
  spec: z.strictObject({ suspend: z.boolean() }).optional(),
});
type Patch = z.infer<typeof Patch>;

let readers: Readers;

beforeAll(async () => {
  readers = await createReaders();
});

function read<T>(schema: z.ZodType<T>, ...path: readonly string[]): T {
  return schema.parse(parse(readFileSync(join(CUSTOMIZATIONS, ...path), 'utf8')));
}

const HEALTH = KINDS.flatMap((kind) =>
  read(HealthTests, kind, 'health_test.yaml').tests.map((row) => ({ kind, ...row })),
);

test.each(HEALTH)('the health of $kind in $inputPath is $healthStatus.status', async ({ kind, ...row }) => {
  const health = await readers.health(read(Resource, kind, row.inputPath));
  expect(health).toEqual(row.healthStatus);
});

test.each(KINDS)('every recorded %s is judged', (kind) => {
  const judged = HEALTH.filter((row) => row.kind === kind).map(({ inputPath }) => inputPath);
  const recorded = readdirSync(join(CUSTOMIZATIONS, kind, 'testdata')).map((name) => `testdata/${name}`);
  expect(new Set(judged)).toEqual(new Set(recorded));
});

describe.each(KINDS)('actions on %s', (kind) => {
  const actions = join(kind, 'actions');
  const { discoveryTests, actionTests } = read(ActionTests, actions, 'action_test.yaml');

  test.each(discoveryTests)('that can be taken on $inputPath', async ({ inputPath, result }) => {
    const found = await readers.actions(read(Resource, actions, inputPath));
    expect(Object.entries(found).map(([name, action]) => ({ name, ...action }))).toEqual(
      expect.arrayContaining(result),
    );
    expect(Object.keys(found)).toHaveLength(result.length);
  });

  test.each(actionTests)('change what they should: $action', async ({ action, ...row }) => {
    const before = read(Resource, actions, row.inputPath);
    const patch = Patch.parse(JSON.parse(await readers.patchOf(before, action)));
    expect(merged(before, atNewYear(patch))).toEqual(read(Resource, actions, row.expectedOutputPath));
  });

  test('all have a script and a test', () => {
    expect(new Set(actionTests.map(({ action }) => action))).toEqual(new Set(actionsOf(kind)));
    for (const { result } of discoveryTests) {
      expect(new Set(result.map(({ name }) => name))).toEqual(new Set(actionsOf(kind)));
    }
  });
});

test('an action leaves objects and lists that are empty as they are', async () => {
  const path = join('IngestionPipeline', 'actions', 'testdata', 'ready.yaml');
  const before = z.looseObject({ spec: z.looseObject({}) }).parse(read(Resource, path));
  const spec = { ...before.spec, sourceConfig: { config: {} }, owners: [] };
  const empty = Resource.parse({ ...before, spec });
  expect(JSON.parse(await readers.patchOf(empty, 'suspend'))).toEqual({ spec: { suspend: true } });
});

function actionsOf(kind: string): string[] {
  const folder = join(CUSTOMIZATIONS, kind, 'actions');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'action.lua')));
}

/** With the time at which it was made replaced by the one of the expected outputs. */
function atNewYear({ metadata, ...patch }: Patch): Patch {
  if (metadata === undefined) return patch;
  const annotations = Object.entries(metadata.annotations).map(([name, time]) => {
    expect(Math.abs(Date.now() - Date.parse(time))).toBeLessThan(60_000);
    return [name, time.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, '2026-01-01T00:00:00Z')];
  });
  return { ...patch, metadata: { annotations: Object.fromEntries(annotations) } };
}

function merged(before: Resource, { metadata, spec }: Patch): Resource {
  const { spec: former } = z.looseObject({ spec: z.looseObject({}) }).parse(before);
  return { ...before, metadata: { ...before.metadata, ...metadata }, spec: { ...former, ...spec } };
}

test('the setting for Argo CD holds every script, under the keys that it looks for', () => {
  const Setting = z.object({ data: z.record(z.string(), z.string()) });
  const { data } = Setting.parse(parse(readFileSync(join(ARGO, 'argocd-cm.yaml'), 'utf8')));
  const keys = KINDS.flatMap((kind) => [keyOf('health', kind), keyOf('actions', kind)]);
  expect(new Set(Object.keys(data))).toEqual(new Set(keys));
  for (const kind of KINDS) {
    const folder = join(CUSTOMIZATIONS, kind, 'actions');
    expect(data[keyOf('health', kind)]).toBe(readFileSync(join(folder, '..', 'health.lua'), 'utf8'));
    expect(parse(data[keyOf('actions', kind)] ?? '')).toEqual({
      'discovery.lua': readFileSync(join(folder, 'discovery.lua'), 'utf8'),
      definitions: actionsOf(kind).map((name) => ({
        name,
        'action.lua': readFileSync(join(folder, name, 'action.lua'), 'utf8'),
      })),
    });
  }
});

function keyOf(what: string, kind: string): string {
  return `resource.customizations.${what}.${API_GROUP}_${kind}`;
}

const Application = z.object({
  apiVersion: z.literal('argoproj.io/v1alpha1'),
  kind: z.literal('Application'),
  spec: z.object({
    source: z.object({
      path: z.string(),
      helm: z.object({ releaseName: z.string(), valuesObject: z.record(z.string(), z.unknown()) }).optional(),
    }),
    destination: z.object({ namespace: z.string() }),
  }),
});

test('the Application of the operator leads to a chart that takes its values', async () => {
  const text = readFileSync(join(ARGO, 'application.yaml'), 'utf8');
  const applications = parseAllDocuments(text).map((document) => Application.parse(document.toJS()));
  const directory = temporaryDirectory('argocd');
  const helm = await createHelm(directory.path);
  const charts = applications.flatMap(({ spec: { source, destination } }) =>
    source.helm === undefined ? [] : [{ ...source.helm, path: source.path, ...destination }],
  );
  expect(charts).toHaveLength(1);
  for (const { releaseName: release, valuesObject, path, namespace } of charts) {
    const chart = join(ARGO, '..', '..', path);
    expect(await helm.render(valuesObject, { release, namespace, chart })).not.toEqual([]);
  }
  directory.remove();
});
