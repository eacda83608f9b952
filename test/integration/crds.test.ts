import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { clientBounds, clientRules } from '../../src/api/testing/clientRows.ts';
import { declaredRules } from '../../src/api/testing/declaredRules.ts';
import { clientSpec, clientStatus, pipelineSpec, pipelineStatus } from '../../src/api/testing/examples.ts';
import { memberAt, withMember } from '../../src/api/testing/json.ts';
import { pipelineBounds, pipelineRules } from '../../src/api/testing/pipelineRows.ts';
import { blamedField, type RuleRow } from '../../src/api/testing/ruleRow.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { eventually } from '../support/eventually.ts';
import { terminalProgress } from '../support/progress.ts';

const CRDS = join(import.meta.dirname, '../../crds');

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ progress: terminalProgress() });
  await kubectl('apply', '-f', CRDS);
  await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
});

afterAll(async () => {
  await plane?.stop();
});

async function kubectl(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await plane.kubectl(args);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return stdout;
}

/** What the API server says against creating or changing an object, or nothing. */
async function refusal(object: unknown, verb: 'create' | 'apply'): Promise<string> {
  const args = [verb, '--dry-run=server', '--validate=strict', '-f', '-'];
  return (await plane.kubectl(args, { stdin: JSON.stringify(object) })).stderr;
}

async function stored(resource: string, name: string): Promise<unknown> {
  return JSON.parse(await kubectl('get', resource, name, '--output=json'));
}

/** The lines of `kubectl get`, with a bar between the columns. */
async function columns(...args: string[]): Promise<string[]> {
  const table = await kubectl('get', ...args);
  return table.split('\n').map((line) =>
    line
      .trimEnd()
      .split(/\s{2,}/)
      .join('|'),
  );
}

function manifest(kind: string, spec: unknown, name = 'example'): object {
  const apiVersion = 'ingestion.open-metadata.org/v1alpha1';
  return { apiVersion, kind, metadata: { name, namespace: 'default' }, spec };
}

async function expectJudged(base: object, row: RuleRow, message: string): Promise<void> {
  const field = blamedField(row) === '' ? '<nil>' : blamedField(row);
  expect(await refusal(withMember(base, row.set, row.accepted), 'create')).toBe('');
  const answer = await refusal(withMember(base, row.set, row.refused), 'create');
  expect(answer).toContain(`${field}: `);
  expect(answer).toContain(message);
}

describe('the definitions', () => {
  test('are established, and their schemas are structural', async () => {
    const path = '{range .items[*].status.conditions[?(@.status=="True")]}{.type}{"\\n"}{end}';
    const conditions = await kubectl('get', 'crd', `--output=jsonpath=${path}`);
    const once = ['Established', 'NamesAccepted'];
    expect(conditions.trim().split('\n').toSorted()).toEqual([...once, ...once].toSorted());
  });

  test('are explained by kubectl', async () => {
    await eventually(async () => {
      const explained = await kubectl('explain', 'ingestionpipeline.spec.airflowConfig.retryDelay');
      expect(explained).toContain('retryDelay <integer>');
      expect(explained.replaceAll(/\s+/g, ' ')).toContain('Seconds between two tries of a task.');
    });
  });
});

const kinds = [
  {
    kind: 'IngestionPipeline',
    plural: 'ingestionpipelines',
    spec: pipelineSpec,
    status: pipelineStatus,
    rules: pipelineRules,
    bounds: pipelineBounds,
  },
  {
    kind: 'PipelineServiceClient',
    plural: 'pipelineserviceclients',
    spec: clientSpec,
    status: clientStatus,
    rules: clientRules,
    bounds: clientBounds,
  },
];

describe.each(kinds)('$kind', ({ kind, plural, spec, status, rules, bounds }) => {
  const file = join(CRDS, `${plural}.ingestion.open-metadata.org.yaml`);
  const declared = declaredRules(parse(readFileSync(file, 'utf8')));
  const base = manifest(kind, spec);

  test('every rule but that about the past has its row', () => {
    const rows = rules.map((row) => ({ field: blamedField(row), message: row.message }));
    const untested = declared.filter(
      (rule) => !rows.some(({ field, message }) => rule.field === field && rule.message.startsWith(message)),
    );
    expect(untested.filter(({ message }) => !message.includes('after creation'))).toEqual([]);
    expect(rows).toHaveLength(declared.length - untested.length);
  });

  test.each(rules)('$message ($set)', async (row) => {
    const rule = declared.find(
      ({ field, message }) => field === blamedField(row) && message.startsWith(row.message),
    );
    await expectJudged(base, row, rule?.message ?? 'a rule of the definition');
  });

  test.each(bounds)('$message ($set)', async (row) => {
    await expectJudged(base, row, row.message);
  });

  test('an unknown field is refused', async () => {
    const misspelt = withMember(base, 'spec.suspnd', true);
    expect(await refusal(misspelt, 'create')).toContain('unknown field "spec.suspnd"');
  });

  test('every field is stored as it was written, false, zero and null included, and nothing is added', async () => {
    await plane.apply(JSON.stringify(manifest(kind, spec, 'stored')));
    await kubectl(
      'patch',
      plural,
      'stored',
      '--subresource=status',
      '--type=merge',
      `--patch=${JSON.stringify({ status })}`,
    );
    const object = await stored(plural, 'stored');
    expect(memberAt(object, 'spec')).toEqual(spec);
    expect(memberAt(object, 'status')).toEqual(status);
  });

  test('belongs to the category', async () => {
    expect(await kubectl('get', 'openmetadata', '--output=name')).toContain(`${plural.slice(0, -1)}.`);
  });
});

describe('the name of a pipeline', () => {
  const unnamed = manifest('IngestionPipeline', pipelineSpec, 'unnamed');
  const named = withMember(manifest('IngestionPipeline', pipelineSpec, 'named'), 'spec.name', 'orders');

  beforeAll(async () => {
    await plane.apply(JSON.stringify(unnamed));
    await plane.apply(JSON.stringify(named));
  });

  test.each([
    ['changed', named, 'other'],
    ['removed', named, undefined],
    ['set', unnamed, 'orders'],
  ])('cannot be %s after creation', async (_verb, object, name) => {
    const answer = await refusal(withMember(object, 'spec.name', name), 'apply');
    expect(answer).toContain('spec.name: ');
    expect(answer).toContain('spec.name cannot be changed, set or removed after creation');
  });

  test.each([
    ['that has one', named],
    ['that has none', unnamed],
  ])('may stay while a pipeline %s changes otherwise', async (_situation, object) => {
    expect(await refusal(withMember(object, 'spec.suspend', true), 'apply')).toBe('');
  });
});

describe('the columns', () => {
  test('of a pipeline', async () => {
    const [header, line] = await columns('ingp', 'stored', '--output=wide');
    expect(header).toBe('NAME|TYPE|SERVICE|SCHEDULE|SUSPENDED|READY|LAST RUN|RESULT|NEXT|DAG|AGE');
    expect(line).toMatch(
      /^stored\|metadata\|mysql_prod\|0 3 \* \* \*\|false\|True\|\w+\|success\|2026-11-24T03:00:00Z\|/,
    );
  });

  test('of a client', async () => {
    const [header, line] = await columns('psc', 'stored');
    expect(header).toBe('NAME|READY|AIRFLOW|PLUGIN|OPENMETADATA|PIPELINES|AGE');
    expect(line).toMatch(/^stored\|True\|3\.3\.0\|2\.0\.5\.0\|2\.0\.5\|3\|/);
  });
});
