import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ensurePromtool } from '../chart/binaries.ts';
import { createHelm } from '../chart/helm.ts';
import { terminalProgress } from '../support/progress.ts';
import { runCommand } from '../support/runCommand.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporaryDirectory.ts';

const Rule = z.object({
  alert: z.string(),
  labels: z.record(z.string(), z.string()),
  annotations: z.object({ summary: z.string(), description: z.string() }),
});
type Rule = z.infer<typeof Rule>;
const Rules = z.object({ groups: z.array(z.looseObject({ rules: z.array(Rule.loose()) })) });

const OPERATOR = 'namespace="openmetadata",service="ingestion-openmetadata-ingestion-operator"';

/** Samples of one metric a minute, in the notation of promtool, by labels. */
type Series = Readonly<Record<string, string>>;

interface Situation {
  readonly words: string;
  readonly alert: string;
  readonly series: Series;
  /** After so many minutes. */
  readonly minutes: number;
  /** Labels of the alerts that are expected to fire. */
  readonly firing: readonly Readonly<Record<string, string>>[];
}

function metric(name: string, labels = ''): string {
  return `${name}{${OPERATOR}${labels === '' ? '' : `,${labels}`}}`;
}

const leader = metric('leader_election_master_status', 'pod="a"');
const errors = metric('controller_runtime_reconcile_errors_total', 'controller="ingestionpipeline"');
const depth = metric('workqueue_depth', 'name="ingestionpipeline"');
const calls = 'client="openmetadata/default",verb="deploy"';
const good = metric('ingestion_airflow_call_duration_seconds_count', `${calls},result="ok"`);
const bad = metric('ingestion_airflow_call_duration_seconds_count', `${calls},result="unreachable"`);
const controller = { controller: 'ingestionpipeline' };
const client = { client: 'openmetadata/default' };
const name = { name: 'ingestionpipeline' };

const SITUATIONS: readonly Situation[] = [
  { words: 'one leads', alert: 'WithoutLeader', series: { [leader]: '1x30' }, minutes: 20, firing: [] },
  { words: 'none leads', alert: 'WithoutLeader', series: { [leader]: '0x30' }, minutes: 6, firing: [{}] },
  {
    words: 'none leads for a moment',
    alert: 'WithoutLeader',
    series: { [leader]: '1x10 0x3 1x20' },
    minutes: 13,
    firing: [],
  },
  { words: 'there is none', alert: 'WithoutLeader', series: {}, minutes: 6, firing: [{}] },
  {
    words: 'some reconciles fail',
    alert: 'ReconcileErrors',
    series: { [errors]: '0+2x60' },
    minutes: 40,
    firing: [],
  },
  {
    words: 'reconciles keep failing',
    alert: 'ReconcileErrors',
    series: { [errors]: '0+12x60' },
    minutes: 40,
    firing: [controller],
  },
  {
    words: 'few calls to Airflow fail',
    alert: 'AirflowCallsFail',
    series: { [good]: '0+10x60', [bad]: '0+2x60' },
    minutes: 40,
    firing: [],
  },
  {
    words: 'most calls to Airflow fail',
    alert: 'AirflowCallsFail',
    series: { [good]: '0+2x60', [bad]: '0+10x60' },
    minutes: 40,
    firing: [client],
  },
  {
    words: 'no call to Airflow succeeds',
    alert: 'AirflowCallsFail',
    series: { [bad]: '0+10x60' },
    minutes: 40,
    firing: [client],
  },
  {
    words: 'a queue is worked off',
    alert: 'QueueGrows',
    series: { [depth]: '200-5x100' },
    minutes: 75,
    firing: [],
  },
  {
    words: 'a queue stays long',
    alert: 'QueueGrows',
    series: { [depth]: '60x100' },
    minutes: 75,
    firing: [name],
  },
];

let directory: TemporaryDirectory;
let promtool: string;
let file: string;
let rules: readonly Rule[];

beforeAll(async () => {
  directory = temporaryDirectory('alerts');
  const helm = await createHelm(directory.path);
  promtool = await ensurePromtool(terminalProgress());
  const rendered = await helm.render({ metrics: { prometheusRule: { enabled: true } } });
  const { spec } = z.object({ spec: Rules }).parse(rendered.find(({ kind }) => kind === 'PrometheusRule'));
  rules = spec.groups.flatMap((group) => group.rules);
  file = join(directory.path, 'rules.yaml');
  writeFileSync(file, JSON.stringify(spec));
});

afterAll(() => directory?.remove());

test('Prometheus finds no fault with the alerts', async () => {
  const { stdout, stderr, exitCode } = await runCommand(promtool, [
    'check',
    'rules',
    '--lint=all',
    '--lint-fatal',
    file,
  ]);
  expect(stderr).toBe('');
  expect(stdout).toContain(`${rules.length} rules found`);
  expect(exitCode).toBe(0);
});

test.each(SITUATIONS)('when $words, $alert tells it or keeps still', async (situation) => {
  const path = join(directory.path, 'test.yaml');
  writeFileSync(path, JSON.stringify(testOf(situation)));
  const { stdout, stderr, exitCode } = await runCommand(promtool, ['test', 'rules', path]);
  expect(stdout + stderr).toContain('SUCCESS');
  expect(exitCode).toBe(0);
});

test('every alert is looked at, firing and still', () => {
  for (const { alert } of rules) {
    const own = SITUATIONS.filter((situation) => `IngestionOperator${situation.alert}` === alert);
    expect(new Set(own.map(({ firing }) => firing.length))).toEqual(new Set([0, 1]));
  }
});

/** In the format of `promtool test rules`. */
function testOf({ alert, series, minutes, firing }: Situation): object {
  const rule = rules.find((candidate) => candidate.alert === `IngestionOperator${alert}`);
  if (rule === undefined) throw new Error(`there is no alert ${alert}`);
  return {
    rule_files: [file],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([labels, values]) => ({ series: labels, values })),
        alert_rule_test: [
          {
            eval_time: `${minutes}m`,
            alertname: rule.alert,
            exp_alerts: firing.map((labels) => ({
              exp_labels: { ...rule.labels, ...labels },
              exp_annotations: expanded(rule.annotations, labels),
            })),
          },
        ],
      },
    ],
  };
}

function expanded(annotations: Rule['annotations'], labels: Readonly<Record<string, string>>): object {
  const texts = Object.entries(annotations).map(([key, text]) => [
    key,
    text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_match, label: string) => labels[label] ?? ''),
  ]);
  return Object.fromEntries(texts);
}
