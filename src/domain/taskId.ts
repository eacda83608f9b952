import type { PipelineType } from '../api/pipelineType.ts';

const TASK_IDS: Readonly<Record<PipelineType, string>> = {
  metadata: 'ingestion_task',
  usage: 'usage_task',
  lineage: 'lineage_task',
  profiler: 'profiler_task',
  autoClassification: 'auto_classification_task',
  TestSuite: 'test_suite_task',
  dbt: 'dbt_task',
  elasticSearchReindex: 'elasticsearch_reindex_task',
  dataInsight: 'data_insight_task',
  application: 'application_task',
  policyAgent: 'ingestion_task',
};

/** The one task of the DAG that the plugin builds for a pipeline of this type. */
export function taskIdOf(pipelineType: PipelineType): string {
  return TASK_IDS[pipelineType];
}
