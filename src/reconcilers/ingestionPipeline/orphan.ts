import type { RemovalDecision } from '../../domain/removalDecision.ts';

type Orphaning = Extract<RemovalDecision, { kind: 'orphan' }>['because'];

/** Tells people that a DAG stays in Airflow, and why. */
export function describeOrphan(dagId: string, because: Orphaning): string {
  const left = `DAG ${dagId} was left in Airflow, if it is there:`;
  switch (because) {
    case 'policy':
      return `${left} spec.deletionPolicy is Orphan.`;
    case 'forced':
      return `${left} the annotation force-orphan asked for it.`;
    case 'clientGone':
      return `${left} its PipelineServiceClient does not exist any more, so nobody knows how to reach Airflow.`;
    case 'credentialsGone':
      return `${left} the Secret with the credentials is gone.`;
    default:
      return because satisfies never;
  }
}
