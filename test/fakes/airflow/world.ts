import type { Clock } from '../../../src/domain/clock.ts';
import type { DagPermission, FakeRunState } from './fakeAirflow.ts';
import type { Profile } from './profile.ts';

export interface DagRow {
  readonly dagId: string;
  description: string;
  isPaused: boolean;
  isActive: boolean;
  tags: readonly string[];
  /** Of the plugin, or of the loader of mounted documents. */
  fileLocation: string;
  lastParsedAt: number;
  hasImportErrors: boolean;
  /** Its start date is the time of its parse, so a run that is dated before has no tasks. */
  startsAtParse: boolean;
  /** When the scheduler will notice that the file is gone. */
  staleAt: number;
  unpausedAt: number;
}

export interface RunRow {
  readonly dagId: string;
  readonly runId: string;
  readonly trigger: 'manual' | 'scheduled';
  readonly logicalDate: number;
  readonly queuedAt: number;
  hasTasks: boolean;
  state: FakeRunState;
  startTime: number | undefined;
  endTime: number | undefined;
}

/** What a parse of a DAG file will put into the row. */
export interface ParsedDag {
  readonly dagId: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly pauseOnCreation: boolean;
  readonly startsAtParse: boolean;
}

/** The database, the volume and the passing of time of one fake Airflow. */
export interface World {
  readonly profile: Profile;
  readonly clock: Clock;
  readonly dags: Map<string, DagRow>;
  readonly runs: RunRow[];
  readonly files: Map<string, string>;
  /** By DAG id. */
  readonly importErrors: Map<string, { stackTrace: string; at: number }>;
  readonly logs: Map<string, string>;
  readonly deploys: { dagId: string; body: string }[];
  readonly pending: { at: number; dag: ParsedDag }[];
  readonly mount: Mount;
  readonly users: Map<string, User>;
  readonly durations: RunDurations;
  readonly registrationDelay: number;
  readonly redactsImportErrors: boolean;
}

/** The directory of mounted documents, and the loaders that read it. */
export interface Mount {
  /** What is in the directory now, by file name. */
  read: () => ReadonlyMap<string, string>;
  /** Milliseconds between two parses of a loader's file, until a new one is found, and until a DAG without a document is stale. */
  readonly interval: number;
  readonly scanDelay: number;
  readonly staleDelay: number;
  /** When each loader's file is parsed next, by its name. */
  readonly nextParse: Map<string, number>;
  /** Files that were asked to be parsed, with when that will have been done. */
  readonly requests: Map<string, number>;
  /** Why the loader can build no DAG of an id, as OpenMetadata may be the reason of. */
  readonly buildErrors: Map<string, string>;
  /** The text that each DAG was built from last. */
  readonly documents: Map<string, string>;
}

export interface User {
  password: string;
  readonly permissions: Set<DagPermission>;
}

export interface RunDurations {
  readonly queue: number;
  readonly run: number;
}

/** Lets happen what should have happened by now, but for the loaders of mounted documents. */
export function advance(world: World): void {
  const now = world.clock();
  const due = world.pending.filter((parse) => parse.at <= now);
  for (const parse of due) {
    world.pending.splice(world.pending.indexOf(parse), 1);
    applyParse(world, parse.dag, parse.at);
  }
  for (const dag of world.dags.values()) {
    dag.isActive &&= dag.staleAt > now;
  }
  for (const run of world.runs) {
    advanceRun(world, run, now);
  }
}

export function applyParse(
  world: World,
  dag: ParsedDag,
  at: number,
  fileLocation = `${world.profile.dagsFolder}/${dag.dagId}.py`,
): void {
  const row = world.dags.get(dag.dagId) ?? newRow(dag, at, fileLocation);
  row.fileLocation = fileLocation;
  row.description = dag.description;
  row.tags = dag.tags;
  row.startsAtParse = dag.startsAtParse;
  row.isActive = true;
  row.staleAt = Infinity;
  row.hasImportErrors = false;
  row.lastParsedAt = at;
  world.dags.set(dag.dagId, row);
  world.importErrors.delete(dag.dagId);
}

function newRow(dag: ParsedDag, at: number, fileLocation: string): DagRow {
  return {
    dagId: dag.dagId,
    description: dag.description,
    isPaused: dag.pauseOnCreation,
    isActive: true,
    tags: dag.tags,
    fileLocation,
    lastParsedAt: at,
    hasImportErrors: false,
    startsAtParse: dag.startsAtParse,
    staleAt: Infinity,
    unpausedAt: at,
  };
}

function advanceRun(world: World, run: RunRow, now: number): void {
  if (run.state === 'queued') {
    startIfDue(world, run, now);
  }
  if (run.state === 'running' && run.startTime !== undefined) {
    const end = run.startTime + world.durations.run;
    if (end <= now) {
      run.state = 'success';
      run.endTime = end;
    }
  }
}

/** One run at a time, as `maxActiveRuns` is 1 unless a document says otherwise. */
function startIfDue(world: World, run: RunRow, now: number): void {
  const dag = world.dags.get(run.dagId);
  const earlier = world.runs.filter((other) => other.dagId === run.dagId && other.queuedAt < run.queuedAt);
  if (!dag || dag.isPaused || earlier.some((other) => other.endTime === undefined)) {
    return;
  }
  const free = Math.max(dag.unpausedAt, ...earlier.map((other) => other.endTime ?? 0));
  const start = Math.max(run.queuedAt + world.durations.queue, free);
  if (start <= now) {
    run.state = 'running';
    run.startTime = start;
  }
}

export function runsNewestFirst(world: World, dagId: string): RunRow[] {
  return world.runs
    .filter((run) => run.dagId === dagId)
    .toSorted((left, right) => right.queuedAt - left.queuedAt || right.logicalDate - left.logicalDate);
}

export function addRun(world: World, dagId: string, trigger: RunRow['trigger'], runId?: string): RunRow {
  const now = world.clock();
  const run: RunRow = {
    dagId,
    runId: runId ?? freeRunId(world, dagId, trigger, now),
    trigger,
    logicalDate: wholeSeconds(now),
    queuedAt: now,
    state: 'queued',
    startTime: undefined,
    endTime: undefined,
    hasTasks: true,
  };
  world.runs.push(run);
  advance(world);
  const dag = world.dags.get(dagId);
  if (trigger === 'manual' && dag?.startsAtParse && !dag.isPaused && run.logicalDate < dag.lastParsedAt) {
    Object.assign(run, { state: 'success', startTime: now, endTime: now, hasTasks: false });
  }
  return run;
}

/** The plugin triggers for whole seconds, so a DAG gets one manual run a second. */
export function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

function freeRunId(world: World, dagId: string, trigger: string, now: number): string {
  for (let time = now; ; time += 1) {
    const runId = `${trigger}__${new Date(time).toISOString().replace('Z', '+00:00')}`;
    if (!world.runs.some((run) => run.dagId === dagId && run.runId === runId)) {
      return runId;
    }
  }
}

export function endRun(world: World, run: RunRow, state: 'success' | 'failed'): void {
  const now = world.clock();
  run.state = state;
  run.endTime = now;
}

export function setPaused(world: World, dag: DagRow, paused: boolean): void {
  if (dag.isPaused && !paused) {
    dag.unpausedAt = world.clock();
  }
  dag.isPaused = paused;
}

export function forgetDag(world: World, dagId: string): void {
  world.dags.delete(dagId);
  world.importErrors.delete(dagId);
  removeWhere(world.runs, (run) => run.dagId === dagId);
  removeWhere(world.pending, (parse) => parse.dag.dagId === dagId);
}

function removeWhere<T>(list: T[], matches: (item: T) => boolean): void {
  const kept = list.filter((item) => !matches(item));
  list.splice(0, list.length, ...kept);
}
