import { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { Dag } from '../../domain/dag.ts';
import type { DagRun, DagRunState } from '../../domain/dagRun.ts';
import { loaderFile, shardOfLoader } from '../../domain/loaderFile.ts';
import { cleanDagId } from '../../domain/naming.ts';

const Document = z.looseObject({
  name: z.string(),
  description: z.string().default(''),
  airflowConfig: z.looseObject({ pausePipeline: z.boolean().default(false) }),
});
export type Document = z.infer<typeof Document>;

/** What the scheduler knows of one DAG. */
export interface DagRow {
  description: string;
  isPaused: boolean;
  isActive: boolean;
  fileLocation: string;
  lastParsedTime: string;
  runs: DagRun[];
}

/** A document, and when the scheduler will have read it. */
interface DagFile {
  readonly document: Document;
  readonly location: string;
  seenAt: number;
  parsed: boolean;
}

/** The tables of a simulated Airflow, and the documents that lie in its DAGs folder. */
export interface AirflowRows {
  /** Milliseconds that the scheduler takes to notice a new document, and a removed one. */
  readonly delays: { registration: number; removal: number };
  readonly importErrors: Map<string, string>;
  /** Why the loader can build no DAG of an id. */
  readonly buildErrors: Map<string, string>;
  get(dagId: string): DagRow | undefined;
  list(): Iterable<[string, DagRow]>;
  document(dagId: string): Document | undefined;
  /** A document appears in the DAGs folder. */
  write(text: string): string;
  /** The directory of mounted documents is as given, by key, from now on. */
  mount(files: ReadonlyMap<string, string>): void;
  /** A loader's file is read now. */
  reparse(location: string): void;
  /** Document and row go. */
  remove(dagId: string): void;
  /** The document of the plugin goes; the row only where it has had no run, as on Airflow 3. */
  removeFiles(dagId: string): void;
  /** The row goes. */
  forget(dagId: string): void;
  /** A DAG that was made by other means than this operator. */
  addByHand(dagId: string, description: string): DagRow;
  startRun(dagId: string, runId: string, state?: DagRunState): void;
  endRun(dagId: string, runId: string, state: 'success' | 'failed'): void;
  /** Everything is gone, as with a lost volume and database. */
  lose(): void;
}

export function createAirflowRows(clock: Clock): AirflowRows {
  const delays = { registration: 0, removal: 0 };
  const importErrors = new Map<string, string>();
  const buildErrors = new Map<string, string>();
  const documents = new Map<string, DagFile>();
  const mounted = new Map<string, DagFile & { readonly text: string }>();
  const rows = new Map<string, DagRow>();
  const removals = new Map<string, number>();
  /** When the scheduler notices that no file defines a DAG any more. */
  const stale = new Map<string, number>();

  /** What the scheduler has noticed by now. */
  function parse(): void {
    for (const [dagId, goneAt] of removals) {
      if (goneAt <= clock()) {
        rows.delete(dagId);
        removals.delete(dagId);
      }
    }
    for (const [dagId, row] of rows) {
      if ((stale.get(dagId) ?? Infinity) <= clock()) {
        row.isActive = false;
        stale.delete(dagId);
      }
    }
    for (const [dagId, file] of documents) {
      if (!importErrors.has(dagId)) {
        parseFile(dagId, file, file.document.description);
      }
    }
    for (const [dagId, file] of mounted) {
      // The loader yields to a file of the plugin's.
      if (!documents.has(dagId)) {
        parseFile(dagId, file, describe(dagId, file.document));
      }
    }
  }

  function parseFile(dagId: string, file: DagFile, description: string): void {
    if (file.parsed || file.seenAt > clock()) {
      return;
    }
    const { airflowConfig } = file.document;
    const row = rows.get(dagId) ?? newRow(airflowConfig.pausePipeline, file.location);
    const isActive = row.isActive || shardOfLoader(file.location) !== undefined;
    rows.set(dagId, {
      ...row,
      isActive,
      fileLocation: file.location,
      lastParsedTime: timeNow(),
      description,
    });
    file.parsed = true;
    removals.delete(dagId);
    stale.delete(dagId);
  }

  function describe(dagId: string, { description }: Document): string {
    const error = buildErrors.get(dagId);
    return error === undefined
      ? description
      : `Cannot be built: ${error} [ingestion.open-metadata.org failed]`;
  }

  function newRow(isPaused: boolean, fileLocation: string): DagRow {
    return { description: '', isPaused, isActive: true, fileLocation, lastParsedTime: timeNow(), runs: [] };
  }

  function fileOf(document: Document, location: string): DagFile {
    return { document, location, seenAt: clock() + delays.registration, parsed: false };
  }

  /** What defines the DAG is read again in time. */
  function readAgain(dagId: string): void {
    for (const file of [documents.get(dagId), mounted.get(dagId)]) {
      if (file !== undefined) {
        file.parsed = false;
        file.seenAt = clock() + delays.registration;
      }
    }
  }

  function mountOne(key: string, text: string): void {
    const [, shard = '', dagId = ''] = /^(\d\d)-(.+)\.json$/.exec(key) ?? [];
    const location = `/dags/dag_generated_configs/${loaderFile(shard)}`;
    const known = mounted.get(dagId);
    if (dagId !== '' && (known?.text !== text || known.location !== location)) {
      mounted.set(dagId, { ...fileOf(Document.parse(JSON.parse(text)), location), text });
    }
  }

  function timeNow(): string {
    return new Date(clock()).toISOString();
  }

  function changeRun(dagId: string, runId: string, change: (run: DagRun) => DagRun): void {
    const row = rows.get(dagId);
    if (row !== undefined) {
      row.runs = row.runs.map((run) => (run.runId === runId ? change(run) : run));
    }
  }

  return {
    delays,
    importErrors,
    buildErrors,
    get(dagId) {
      parse();
      return rows.get(dagId);
    },
    list() {
      parse();
      return rows.entries();
    },
    document: (dagId) => documents.get(dagId)?.document,
    write(text) {
      const document = Document.parse(JSON.parse(text));
      const dagId = cleanDagId(document.name);
      documents.set(dagId, fileOf(document, `/dags/${dagId}.py`));
      return dagId;
    },
    mount(files) {
      const ids = new Set([...files.keys()].map((key) => key.replace(/^\d\d-|\.json$/g, '')));
      for (const dagId of [...mounted.keys()].filter((id) => !ids.has(id))) {
        mounted.delete(dagId);
        if (!documents.has(dagId)) {
          stale.set(dagId, clock() + delays.removal);
        }
      }
      files.forEach((text, key) => mountOne(key, text));
    },
    reparse(location) {
      for (const file of mounted.values()) {
        if (file.location === location) {
          file.seenAt = Math.min(file.seenAt, clock());
          file.parsed = false;
        }
      }
    },
    remove(dagId) {
      documents.delete(dagId);
      readAgain(dagId);
      removals.set(dagId, Math.min(removals.get(dagId) ?? Infinity, clock() + delays.removal));
    },
    removeFiles(dagId) {
      documents.delete(dagId);
      readAgain(dagId);
      if (rows.get(dagId)?.runs.length === 0) {
        rows.delete(dagId);
      }
    },
    forget(dagId) {
      rows.delete(dagId);
      readAgain(dagId);
    },
    addByHand(dagId, description) {
      const row = { ...newRow(false, `/dags/${dagId}.py`), description };
      rows.set(dagId, row);
      return row;
    },
    startRun(dagId, runId, state = 'running') {
      const begun = state === 'queued' ? {} : { startTime: timeNow() };
      rows.get(dagId)?.runs.unshift({ dagId, runId, state, trigger: 'manual', ...begun });
    },
    endRun(dagId, runId, state) {
      changeRun(dagId, runId, (run) => ({ startTime: timeNow(), ...run, state, endTime: timeNow() }));
    },
    lose() {
      documents.clear();
      rows.clear();
      mounted.forEach((_, dagId) => readAgain(dagId));
    },
  };
}

export function toDag(dagId: string, row: DagRow): Dag {
  const { description, isPaused, isActive, fileLocation, lastParsedTime } = row;
  const fileToken = `token of ${fileLocation}`;
  return {
    dagId,
    description,
    isPaused,
    isActive,
    hasImportErrors: false,
    fileLocation,
    fileToken,
    lastParsedTime,
  };
}
