export type DagRunState = 'queued' | 'running' | 'success' | 'failed';

/** One run of a DAG. Times are RFC 3339 in UTC. */
export interface DagRun {
  readonly dagId: string;
  readonly runId: string;
  readonly state: DagRunState;
  /** What caused it: `scheduled`, `manual`, `backfill`, … in Airflow's words. */
  readonly trigger: string;
  /** Absent while the run is queued. */
  readonly startTime?: string;
  /** Absent until the run has ended. */
  readonly endTime?: string;
  /** The date the run stands for; orders runs that have not started. */
  readonly logicalDate?: string;
}
