import type { Dag } from './dag.ts';
import type { DagRun } from './dagRun.ts';

/** What the poller last read about one DAG. */
export interface DagView {
  /**
   * Whether Airflow has a row for the DAG: from the core API, or from the plugin's `/status` where the core API cannot
   * be read (then `dag` is absent although the DAG is there).
   */
  readonly registered: boolean;
  readonly dag?: Dag;
  /** Newest first, at most 10, one entry per run id. */
  readonly runs: readonly DagRun[];
  /** The end of Airflow's own text: not redacted, may repeat values of the document. */
  readonly importError?: string;
}
