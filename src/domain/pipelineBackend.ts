import type { Dag } from './dag.ts';
import type { DagRun, DagRunState } from './dagRun.ts';

/** What one look at an installation tells. Verbs throw when it cannot be told. */
export interface BackendInstallation {
  /** Where the plugin answers, e.g. `/pluginsv2/api/v2/openmetadata`, below the endpoint. */
  readonly pluginBasePath: string;
  /** Version of the openmetadata-ingestion package beside the plugin, e.g. `1.10.2.0`. */
  readonly pluginVersion: string;
  /** Airflow's own version, e.g. `3.3.0`; absent where the core API does not tell. */
  readonly airflowVersion?: string;
  /** Whether the credentials were really checked; on Airflow 3 the plugin accepts anyone. */
  readonly authentication: 'enforced' | 'notEnforced';
  readonly coreApi: CoreApiAvailability;
}

export type CoreApiAvailability =
  | { readonly kind: 'available'; readonly basePath: '/api/v1' | '/api/v2' }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface ImportError {
  readonly fileLocation: string;
  readonly stackTrace: string;
  readonly timestamp?: string;
}

/** Which runs to list; every condition given must hold. Times are RFC 3339. */
export interface DagRunQuery {
  readonly dagIds?: readonly string[];
  readonly states?: readonly DagRunState[];
  readonly startedSince?: string;
  readonly endedSince?: string;
  /** Only so many of the newest of each 100 DAG ids, by when they were created; else all. */
  readonly newest?: number;
}

/**
 * The one door to what runs the pipelines. `spec.type` of a client chooses which there is: an Airflow with OpenMetadata's managed
 * APIs, version 2 or 3. Another backend would be another implementation of this.
 *
 * Reading verbs never change anything. Every verb throws an error with a kind; none retries what may have happened.
 */
export interface PipelineBackend {
  /** Finds the base paths, versions and whether credentials are enforced; remembers nothing on failure. */
  probe(signal: AbortSignal): Promise<BackendInstallation>;

  /** All DAGs with the tag `OpenMetadata`, fully paged. Core API. */
  listDags(signal: AbortSignal): Promise<Dag[]>;
  /** One DAG, or undefined where Airflow does not know it. Core API. */
  getDag(dagId: string, signal: AbortSignal): Promise<Dag | undefined>;
  /** All runs that match, fully paged. Core API. */
  listRuns(query: DagRunQuery, signal: AbortSignal): Promise<DagRun[]>;
  listImportErrors(signal: AbortSignal): Promise<ImportError[]>;
  /** The newest runs (at most 10) through the plugin, or undefined where the DAG is unknown. Works without the core API. */
  recentRuns(dagId: string, signal: AbortSignal): Promise<DagRun[] | undefined>;

  /** Writes the document and its DAG file. `document` is JSON text with the secrets in it. Slow: up to minutes. */
  deploy(document: string, signal: AbortSignal): Promise<void>;
  enable(dagId: string, signal: AbortSignal): Promise<void>;
  disable(dagId: string, signal: AbortSignal): Promise<void>;
  /** Starts one run with the given id; a run of that id that exists already is the error kind `runExists`. */
  trigger(dagId: string, runId: string, signal: AbortSignal): Promise<void>;
  /** Fails every running and queued run; done also when there was none. */
  kill(dagId: string, signal: AbortSignal): Promise<void>;
  /**
   * Removes file, document and rows; the last through the core API where the plugin cannot (Airflow 3, a DAG that has run).
   * Done also when there was none. Absence is proven by {@link getDag} or {@link recentRuns}, not by this answer.
   */
  remove(dagId: string, signal: AbortSignal): Promise<void>;
  /**
   * Removes the file and the document that {@link deploy} wrote, so that a mounted loader may take the DAG over; done also
   * when there were none. Airflow 2 forgets the DAG with them; Airflow 3 keeps the rows of one that has run.
   */
  removeFiles(dagId: string, signal: AbortSignal): Promise<void>;
  /**
   * Deletes what the database knows of a DAG, runs included; done also when that was nothing. While a file defines the DAG,
   * it comes back. Core API.
   */
  forget(dagId: string, signal: AbortSignal): Promise<void>;
  /**
   * Asks for a file of DAGs to be parsed soon; the token is that of any DAG of it. `unsupported` where this Airflow has no
   * such call, or the user may not make it. Core API.
   */
  reparse(fileToken: string, signal: AbortSignal): Promise<'asked' | 'unsupported'>;
  /** The end of the newest run's task log, or an empty text. */
  lastLog(dagId: string, taskId: string, signal: AbortSignal): Promise<string>;
  /** Releases pooled connections. */
  close(): void;
}
