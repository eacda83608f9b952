/** One DAG as Airflow's core API describes it, the same for Airflow 2 and 3. */
export interface Dag {
  readonly dagId: string;
  /** Carries the ownership mark of the operator (see mark.ts). */
  readonly description: string;
  readonly isPaused: boolean;
  /** False once the file is gone and the scheduler has noticed (`is_active: false` or `is_stale: true`). */
  readonly isActive: boolean;
  readonly hasImportErrors: boolean;
  /** RFC 3339, absent until the first parse. */
  readonly lastParsedTime?: string;
  readonly fileLocation: string;
  /** Stands for the file where it is to be parsed again; absent where Airflow gives none. */
  readonly fileToken?: string;
}
