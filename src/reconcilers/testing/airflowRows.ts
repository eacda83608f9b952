import { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { Dag } from '../../domain/dag.ts';
import type { DagRun, DagRunState } from '../../domain/dagRun.ts';
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
  runs: DagRun[];
}

/** The tables of a simulated Airflow, and the documents that lie in its DAGs folder. */
export interface AirflowRows {
  /** Milliseconds that the scheduler takes to notice a new document, and a removed one. */
  readonly delays: { registration: number; removal: number };
  readonly importErrors: Map<string, string>;
  get(dagId: string): DagRow | undefined;
  list(): Iterable<[string, DagRow]>;
  document(dagId: string): Document | undefined;
  /** A document appears in the DAGs folder. */
  write(text: string): string;
  /** Document and row go. */
  remove(dagId: string): void;
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
  const documents = new Map<
    string,
    { readonly document: Document; readonly seenAt: number; parsed: boolean }
  >();
  const rows = new Map<string, DagRow>();
  const removals = new Map<string, number>();

  /** What the scheduler has noticed by now. */
  function parse(): void {
    for (const [dagId, goneAt] of removals) {
      if (goneAt <= clock()) {
        rows.delete(dagId);
        removals.delete(dagId);
      }
    }
    for (const [dagId, file] of documents) {
      if (!file.parsed && file.seenAt <= clock() && !importErrors.has(dagId)) {
        const { description, airflowConfig } = file.document;
        rows.set(dagId, { ...(rows.get(dagId) ?? newRow(airflowConfig.pausePipeline)), description });
        file.parsed = true;
      }
    }
  }

  function newRow(isPaused: boolean): DagRow {
    return { description: '', isPaused, isActive: true, runs: [] };
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
      documents.set(dagId, { document, seenAt: clock() + delays.registration, parsed: false });
      return dagId;
    },
    remove(dagId) {
      documents.delete(dagId);
      removals.set(dagId, Math.min(removals.get(dagId) ?? Infinity, clock() + delays.removal));
    },
    addByHand(dagId, description) {
      const row = { ...newRow(false), description };
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
    },
  };
}

export function toDag(dagId: string, { description, isPaused, isActive }: DagRow): Dag {
  const fileLocation = `/dags/${dagId}.py`;
  return { dagId, description, isPaused, isActive, hasImportErrors: false, fileLocation };
}
