import { pipelineSpec } from './examples.ts';
import { row } from './ruleRow.ts';
import type { RuleRow } from './ruleRow.ts';

const EARLY = '2026-01-01T00:00:00Z';
const LATE = '2027-01-01T00:00:00+01:00';

/** One row for each CEL rule, but for those about the object's past. */
export const pipelineRules: readonly RuleRow[] = [
  row('metadata.name must have at most 136', 'metadata.name', 'a'.repeat(136), 'a'.repeat(137), ''),
  row('must consist of letters', 'spec.name', 'Orders_1-a', 'orders_'),
  row('must be the name of an object', 'spec.clientRef.name', 'airflow.v3', 'Airflow'),
  row('must be the name of a namespace', 'spec.clientRef.namespace', 'team-a', 'team.a'),
  row('must be a path of keys', 'spec.valuesFrom.0.targetPath', 'config.a', 'service.name'),
  row('must be the name of an object', 'spec.valuesFrom.0.secretKeyRef.name', 'a.b', 'a_b'),
  row('must be a key of a Secret', 'spec.valuesFrom.0.secretKeyRef.key', 'a_b', 'a/b'),
  row('must be the name of an environment', 'spec.valuesFrom.0.env', 'A_1', '${A}'),
  row(
    'must be cron with five fields',
    'spec.airflowConfig.scheduleInterval',
    '*/5 8-18 L jan,FEB 1#2',
    '0 0 3 * * *',
  ),
  row(
    'endDate must be later',
    'spec.airflowConfig',
    { startDate: EARLY, endDate: LATE },
    { startDate: LATE, endDate: EARLY },
    'spec.airflowConfig.endDate',
  ),
  row('pausePipeline must be false', 'spec.airflowConfig.pausePipeline', false, true),
  serviceRow('pipelineType usage, lineage', 'profiler', 'databaseService', 'dashboardService'),
  serviceRow('pipelineType autoClassification', 'autoClassification', 'storageService', 'mlmodelService'),
  serviceRow('pipelineType TestSuite', 'TestSuite', 'testSuite', 'searchService'),
  serviceRow('pipelineType elasticSearchReindex', 'dataInsight', 'metadataService', 'databaseService'),
  serviceRow('a service.type of testSuite', 'metadata', 'driveService', 'testSuite'),
];

/** Bounds and choices of the plain schema, with messages of Kubernetes' own. */
export const pipelineBounds: readonly RuleRow[] = [
  row('should be greater than or equal to 0', 'spec.airflowConfig.retries', 0, -1),
  row('should be greater than or equal to 1', 'spec.airflowConfig.retryDelay', 1, 0),
  row('should be greater than or equal to 1', 'spec.airflowConfig.workflowTimeout', 1, 0),
  row('should be greater than or equal to 1', 'spec.airflowConfig.maxActiveRuns', 1, 0),
  row('should be greater than or equal to 1', 'spec.airflowConfig.concurrency', 1, 0),
  row('should be less than or equal to 25', 'spec.runHistoryLimit', 25, 26),
  row('must be of type date-time', 'spec.airflowConfig.startDate', EARLY, 'tomorrow'),
  row('must be of type string', 'spec.sourceConfig.config.type', 'Profiler', 7),
  row('must be of type object', 'spec.sourceConfig.config', {}, []),
  row('must have at most 256 items', 'spec.sourceConfig.config', keys(256), keys(257)),
  row('Too long', 'spec.name', 'a'.repeat(200), 'a'.repeat(201)),
  row('Unsupported value', 'spec.pipelineType', 'application', 'Metadata'),
  row('Unsupported value', 'spec.service.type', 'searchService', 'database'),
  row('Unsupported value', 'spec.loggerLevel', 'WARN', 'WARNING'),
  row('Unsupported value', 'spec.driftPolicy', 'Warn', 'warn'),
  row('Unsupported value', 'spec.deletionPolicy', 'Orphan', 'Retain'),
  row('Duplicate value', 'spec.valuesFrom', valuesFrom('a', 'b'), valuesFrom('a', 'a'), 'spec.valuesFrom[1]'),
  row('Duplicate value', 'spec.tags', ['A.a', 'A.b'], ['A.a', 'A.a'], 'spec.tags[1]'),
];

function serviceRow(message: string, pipelineType: string, accepted: string, refused: string): RuleRow {
  const about = { ...pipelineSpec, pipelineType };
  const name = 'orders';
  return row(
    message,
    'spec',
    { ...about, service: { type: accepted, name } },
    { ...about, service: { type: refused, name } },
    'spec.service.type',
  );
}

function keys(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_item, index) => [`key${index}`, true]));
}

function valuesFrom(...names: readonly string[]): object[] {
  return names.map((name) => ({ targetPath: `config.${name}`, secretKeyRef: { name, key: 'value' } }));
}
