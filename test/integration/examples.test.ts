import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import type { PipelineType } from '../../src/api/pipelineType.ts';
import { reasons } from '../../src/api/reasons.ts';
import { clientConditionTypes, pipelineConditionTypes } from '../../src/api/conditionTypes.ts';
import type { JsonObject, JsonValue } from '../../src/domain/json.ts';
import { sourceConfigType } from '../../src/domain/sourceConfigType.ts';
import { setAtPath } from '../../src/domain/targetPath.ts';
import { findSpecFault } from '../../src/domain/validation.ts';
import { ensureAirflowEnvironment } from '../airflow/environment.ts';
import { GENERATIONS } from '../airflow/generations.ts';
import { ensureControlPlaneBinaries } from '../control-plane/binaries.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { silentProgress, terminalProgress } from '../support/progress.ts';
import { type CommandResult, runCommand, runCommandOrThrow } from '../support/runCommand.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.yaml'));
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'examples/README.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
];

const Manifest = z.looseObject({ kind: z.string(), spec: z.looseObject({}).optional() });
type Manifest = z.infer<typeof Manifest>;
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(textOf('package.json')));

let plane: ControlPlane;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  plane = await startControlPlane({ progress: terminalProgress(), crds: join(ROOT, 'crds') });
  const { kubectl } = await ensureControlPlaneBinaries(silentProgress());
  const path = `${dirname(kubectl)}:${process.env['PATH'] ?? ''}`;
  environment = { ...process.env, PATH: path, KUBECONFIG: plane.adminKubeconfig, KUBECTL_KUBERC: 'false' };
  await expectSuccess(plane.kubectl(['create', 'namespace', 'openmetadata']));
  // What the page on GitOps changes.
  await expectSuccess(plane.kubectl(['create', 'namespace', 'argocd']));
  await expectSuccess(plane.kubectl(['create', 'configmap', 'argocd-cm', '--namespace=argocd']));
});

afterAll(async () => {
  await plane?.stop();
});

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

async function expectSuccess(command: Promise<CommandResult>): Promise<string> {
  const { stdout, stderr, exitCode } = await command;
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return stdout;
}

/** The fenced blocks of a page in that language; those inside of lists are indented. */
function blocksOf(page: string, language: string): string[] {
  const pattern = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^\\1\`\`\`$`, 'gms');
  return [...textOf(page).matchAll(pattern)].map(([, indent = '', content = '']) =>
    content.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

const YAML_BLOCKS = PAGES.flatMap((page) => blocksOf(page, 'yaml').map((block) => ({ page, block })));
const COMMANDS = PAGES.flatMap((page) => blocksOf(page, 'sh').map((block) => ({ page, block })));

test.each(EXAMPLES)('examples/%s is accepted, and nothing of it is dropped', async (name) => {
  const file = join(ROOT, 'examples', name);
  await expectSuccess(plane.kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', file]));
  await expectSuccess(plane.kubectl(['apply', '--validate=strict', '-f', file]));

  const stored = specsIn(await expectSuccess(plane.kubectl(['get', '-f', file, '-o', 'json'])));

  expect(stored).toEqual(manifestsIn(name).map(({ spec }) => spec));
});

/** Of one object or of a list. */
function specsIn(json: string): unknown[] {
  const answer = z.looseObject({ items: z.array(Manifest).optional() }).parse(JSON.parse(json));
  return (answer.items ?? [answer]).map(({ spec }) => spec);
}

function manifestsIn(name: string): Manifest[] {
  return parseAllDocuments(textOf(`examples/${name}`)).map((document) => Manifest.parse(document.toJS()));
}

const PIPELINES = EXAMPLES.flatMap(manifestsIn)
  .filter(({ kind }) => kind === 'IngestionPipeline')
  .map(({ spec }) => IngestionPipelineSpec.parse(spec));

test('the operator finds no fault with the pipelines among the examples', () => {
  expect(PIPELINES.map(findSpecFault)).toEqual(PIPELINES.map(() => undefined));
  expect(PIPELINES.length).toBeGreaterThanOrEqual(6);
});

/** Modules and classes of the ingestion library, in all its versions. */
const MODELS: Partial<Record<PipelineType, readonly [string, string]>> = {
  metadata: ['databaseServiceMetadataPipeline', 'DatabaseServiceMetadataPipeline'],
  usage: ['databaseServiceQueryUsagePipeline', 'DatabaseServiceQueryUsagePipeline'],
  lineage: ['databaseServiceQueryLineagePipeline', 'DatabaseServiceQueryLineagePipeline'],
  profiler: ['databaseServiceProfilerPipeline', 'DatabaseServiceProfilerPipeline'],
  dbt: ['dbtPipeline', 'DbtPipeline'],
  TestSuite: ['testSuitePipeline', 'TestSuitePipeline'],
};

const VALIDATE = `
import importlib, json, sys
for (module, name), config in json.load(sys.stdin):
    model = getattr(importlib.import_module(f"metadata.generated.schema.metadataIngestion.{module}"), name)
    getattr(model, "model_validate", model.parse_obj)(config)
`;

/** The whole configuration, as the managed APIs read it. */
function sourceConfigOf(spec: IngestionPipelineSpec): JsonValue {
  const type = sourceConfigType(spec.pipelineType, spec.service.type);
  const config: JsonObject = JSON.parse(JSON.stringify({ ...spec.sourceConfig.config, type }));
  let whole: JsonObject = { config };
  for (const { targetPath } of spec.valuesFrom ?? []) whole = setAtPath(whole, targetPath, 'secret') ?? {};
  return whole['config'];
}

test.each(Object.values(GENERATIONS))(
  'OpenMetadata $openMetadata knows every option of the examples',
  async (generation) => {
    const { bin } = await ensureAirflowEnvironment(generation, terminalProgress());
    const stdin = JSON.stringify(PIPELINES.map((spec) => [MODELS[spec.pipelineType], sourceConfigOf(spec)]));
    await expect(runCommandOrThrow(join(bin, 'python'), ['-c', VALIDATE], { stdin })).resolves.toBe('');
  },
);

const SMALLEST = {
  IngestionPipeline: {
    pipelineType: 'metadata',
    service: { type: 'databaseService', name: 'shop' },
    sourceConfig: { config: {} },
  },
  PipelineServiceClient: {
    apiEndpoint: 'http://airflow:8080',
    metadataApiEndpoint: 'http://openmetadata:8585/api',
    auth: { username: 'admin', password: { secretRef: 'airflow', secretKey: 'password' } },
    openMetadata: { jwtToken: { secretRef: 'airflow', secretKey: 'token' } },
  },
};

/** A block is a whole object, or a part of one of the kind that its page is about. */
function complete(page: string, block: string): unknown {
  const given = z.looseObject({ spec: z.looseObject({}) }).parse(parse(block));
  if ('kind' in given) return given;
  const kind = page.includes('client') ? 'PipelineServiceClient' : 'IngestionPipeline';
  return {
    apiVersion: 'ingestion.open-metadata.org/v1alpha1',
    kind,
    metadata: { name: 'from-a-page', namespace: 'openmetadata' },
    spec: { ...SMALLEST[kind], ...given.spec },
  };
}

test.each(YAML_BLOCKS)('what $page shows is accepted: $block', async ({ page, block }) => {
  const args = ['apply', '--dry-run=server', '--validate=strict', '-f', '-'];
  await expectSuccess(plane.kubectl(args, { stdin: JSON.stringify(complete(page, block)) }));
});

test.each(COMMANDS)('what $page tells to type works: $block', async ({ block }) => {
  for (const [, script = ''] of block.matchAll(/^npm run ([\w:]+)/gm)) expect(scripts).toHaveProperty(script);
  if (!block.startsWith('kubectl')) return;
  await plane.kubectl(['apply', '-f', join(ROOT, 'examples')]);
  const { exitCode, stderr } = await runCommand('bash', ['-euc', block], { env: environment, cwd: ROOT });
  expect(stderr).not.toMatch(/error/i);
  expect(exitCode).toBe(0);
});

test('the page on troubleshooting has every reason and every condition', () => {
  const words = [...reasons, ...pipelineConditionTypes, ...clientConditionTypes];
  const page = textOf('docs/troubleshooting.md');
  const explained = new Set([...page.matchAll(/`([A-Z]\w+)/g)].map(([, word]) => word));
  expect(words.filter((word) => !explained.has(word))).toEqual([]);
});

test.each(PAGES)('the links of %s lead somewhere', (page) => {
  const targets = [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
  expect(targets.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
});
