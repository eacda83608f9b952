/** Which real installation to behave like: Airflow and the plugin beside it (1.3.3.0, 1.10.2.0, 2.0.5.1). */
export type AirflowGeneration = '2.7.3' | '2.10.5' | '3.3.0';

export interface FakeAirflowOptions {
  readonly generation: AirflowGeneration;
  /** Default `admin` / `admin`. */
  readonly username?: string;
  readonly password?: string;
  /** From the answer of /deploy until the scheduler knows the DAG, and from the loss of a file until it has noticed; default 0. */
  readonly registrationDelayMilliseconds?: number;
  /** Between two parses of the file of a mounted loader; default 100. */
  readonly parseIntervalMilliseconds?: number;
  /** Until the file of a new loader is found; default 0. */
  readonly scanDelayMilliseconds?: number;
  /** From the parse that lacks a mounted document until its DAG is stale; default 0. */
  readonly staleDelayMilliseconds?: number;
  /** Added to every answer; default 0. */
  readonly latencyMilliseconds?: number;
  /** Added to every answer of /deploy; default 0. */
  readonly deployLatencyMilliseconds?: number;
  /** How long a run stays `queued`, then `running`; defaults 0 and 50. A run of `Infinity` ends by `finishRun`. */
  readonly queueDurationMilliseconds?: number;
  readonly runDurationMilliseconds?: number;
  /** How long a token of /auth/token (Airflow 3) is accepted; default 24 h. */
  readonly tokenLifetimeMilliseconds?: number;
  /** Airflow 3: refuse changing plugin calls without a CSRF token, as plugins 1.11 and 1.12 do; default false. */
  readonly requireCsrf?: boolean;
  /** Airflow 3: hide the trace of a file none of whose DAGs is registered, as later releases do; default false. */
  readonly redactImportErrors?: boolean;
  /**
   * What /deploy asks OpenMetadata: a fixed answer, or the server at `hostPort` of each document (`ask`). Default: a server
   * of the plugin's own version that knows every service.
   */
  readonly openMetadata?: FakeOpenMetadataAnswers | 'ask';
  /** The port to listen on at 127.0.0.1; default: any free one. */
  readonly port?: number;
  /** Of this machine; the loopback address when left out. */
  readonly address?: string;
}

export interface FakeOpenMetadataAnswers {
  readonly version?: string;
  readonly hasService?: (type: string, name: string) => boolean;
}

export interface FakeDag {
  readonly dagId: string;
  readonly description: string;
  readonly isPaused: boolean;
  readonly isActive: boolean;
  readonly tags: readonly string[];
  readonly fileLocation: string;
}

export type FakeRunState = 'queued' | 'running' | 'success' | 'failed';

/** Times are milliseconds since 1970. */
export interface FakeRun {
  readonly dagId: string;
  readonly runId: string;
  readonly state: FakeRunState;
  readonly trigger: 'manual' | 'scheduled';
  readonly logicalDate: number;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
}

export interface FakeCall {
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly authorization: string | undefined;
}

/** Matches calls by method and by a part of the path. */
export interface FaultTarget {
  readonly method?: string;
  readonly path?: string;
}

export type Fault =
  /** Answers so, without doing the work. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Closes the connection: without doing the work, or after doing it. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** Never answers: the work is not done, or is done. */
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Deploy fails inside with this text, as the generation reports it; files are left behind as the real one does. */
  | { readonly kind: 'deployError'; readonly text: string }
  /** The directory of generated configs cannot be written. */
  | { readonly kind: 'readOnlyConfigs' };

export type DagPermission = 'can_create' | 'can_read' | 'can_edit' | 'can_delete';

export interface FakeAirflow {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  dags(): FakeDag[];
  dag(dagId: string): FakeDag | undefined;
  /** Newest first. */
  runs(dagId: string): FakeRun[];
  /** The bodies of the deploys that took effect, oldest first; of one DAG, or of all. */
  deploys(dagId?: string): string[];
  /** Paths of files on the volume, without their folder: `<id>.json`, `<id>.py`. */
  files(): string[];
  file(name: string): string | undefined;
  readonly calls: readonly FakeCall[];
  /** Applies to the next `times` matching calls; default: until `clearFaults`. */
  setFault(fault: Fault, target?: FaultTarget, times?: number): void;
  clearFaults(): void;
  /** Ends the newest active run of the DAG, or the run given. */
  finishRun(dagId: string, state: 'success' | 'failed', runId?: string): void;
  /** Starts a run as the scheduler would, and gives its id. */
  startScheduledRun(dagId: string): string;
  /** Sets the pause state as a person in the Airflow UI does. */
  pauseByHand(dagId: string, paused?: boolean): void;
  /** Removes DAG, runs and files behind the operator's back. */
  deleteByHand(dagId: string): void;
  /** Overwrites the description, as a deploy from the OpenMetadata UI does. */
  editByHand(dagId: string, description: string): void;
  /** Loses the files; the rows stay, and become inactive. */
  wipeVolume(): void;
  /** Mounts the directory of documents: what it holds at each look, by file name. */
  mount(read: () => ReadonlyMap<string, string>): void;
  /** The mounted document that a DAG was built from last. */
  mountedDocument(dagId: string): string | undefined;
  /** Lets the loader fail to build a DAG, as when OpenMetadata does not answer, or build it again. */
  setBuildError(dagId: string, reason: string | undefined): void;
  /** Deletes the rows of a DAG, as the Airflow UI does; it comes back while its file is there. */
  forgetByHand(dagId: string): void;
  /** Puts an import error on a DAG, or takes it away. */
  setImportError(dagId: string, stackTrace: string | undefined): void;
  /** The log of the newest run; default: one line with its id. */
  setLog(dagId: string, text: string): void;
  /** Registers a DAG as if the scheduler had parsed it from a person's own file. */
  addDag(dag: { dagId: string; description?: string; tags?: readonly string[]; isPaused?: boolean }): void;
  setPassword(password: string): void;
  /** Adds a user who has these permissions on DAGs. */
  addUser(username: string, password: string, permissions: readonly DagPermission[]): void;
  /** Forgets the tokens given out, as a restart with a new signing key does. */
  revokeTokens(): void;
  /** Takes a permission on DAGs away from the administrator (Airflow 2: the plugin and the core API; Airflow 3: the core API). */
  denyPermission(permission: DagPermission): void;
  stop(): Promise<void>;
}
