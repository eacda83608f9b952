import type { Dag } from '../../domain/dag.ts';
import type { DagRun } from '../../domain/dagRun.ts';
import type { DagView } from '../../domain/dagView.ts';
import { isActive, newestFirst } from '../runOrder.ts';
import { sameDag, sameRuns } from './sameView.ts';

const keptRuns = 10;

interface Entry {
  registered: boolean;
  dag: Dag | undefined;
  runs: readonly DagRun[];
  importError: string | undefined;
  /** The read that told about the DAG, and the one that told about its runs. */
  dagReadId: number;
  runsReadId: number;
}

/**
 * What is known of every DAG. Answers arrive in another order than their reads began, so each comes with the number of
 * its read: an older answer never overwrites a newer one. Every change answers whether the view differs from before.
 */
export interface Snapshot {
  /** To be called before a read begins. */
  beginRead(): number;
  view(dagId: string): DagView | undefined;
  isRegistered(dagId: string): boolean;
  dagIds(): Iterable<string>;
  activeRuns(): DagRun[];
  /** The DAG as Airflow knows it, or that it does not know it. */
  putDag(readId: number, dagId: string, dag: Dag | undefined): boolean;
  /** Known through the plugin only: registered or not, but nothing else. */
  putRegistered(readId: number, dagId: string, registered: boolean): boolean;
  /** All the newest runs of a DAG. */
  putRuns(readId: number, dagId: string, runs: readonly DagRun[]): boolean;
  /** Runs that changed, beside those known. */
  mergeRuns(readId: number, dagId: string, runs: readonly DagRun[]): boolean;
  putImportError(dagId: string, text: string | undefined): boolean;
  /** Drops what is known of a DAG, unless a newer read told about it. */
  forget(readId: number, dagId: string): void;
}

export function createSnapshot(): Snapshot {
  const entries = new Map<string, Entry>();
  const activeDagIds = new Set<string>();
  let lastReadId = 0;

  /** The entry of a DAG, and whether it was made just now: then its view is a change. */
  function open(dagId: string): { entry: Entry; isNew: boolean } {
    const known = entries.get(dagId);
    if (known) {
      return { entry: known, isNew: false };
    }
    const entry = newEntry();
    entries.set(dagId, entry);
    return { entry, isNew: true };
  }

  function setRuns(entry: Entry, dagId: string, runs: readonly DagRun[]): boolean {
    const changed = !sameRuns(entry.runs, runs);
    entry.runs = runs;
    if (runs.some(isActive)) {
      activeDagIds.add(dagId);
    } else {
      activeDagIds.delete(dagId);
    }
    return changed;
  }

  function putDag(readId: number, dagId: string, dag: Dag | undefined): boolean {
    const { entry, isNew } = open(dagId);
    if (entry.dagReadId > readId) {
      return false;
    }
    const changed = !sameDag(entry.dag, dag) || entry.registered !== (dag !== undefined);
    Object.assign(entry, { dag, registered: dag !== undefined, dagReadId: readId });
    // The plugin removes the runs with the DAG.
    const runsGone = dag === undefined && setRuns(entry, dagId, []);
    return isNew || changed || runsGone;
  }

  function putRegistered(readId: number, dagId: string, registered: boolean): boolean {
    const { entry, isNew } = open(dagId);
    const changed = entry.registered !== registered || entry.dag !== undefined;
    Object.assign(entry, { registered, dag: undefined, dagReadId: readId });
    return isNew || changed;
  }

  function putRuns(readId: number, dagId: string, runs: readonly DagRun[]): boolean {
    const { entry, isNew } = open(dagId);
    if (entry.runsReadId > readId) {
      return false;
    }
    entry.runsReadId = readId;
    return setRuns(entry, dagId, runs.toSorted(newestFirst).slice(0, keptRuns)) || isNew;
  }

  function mergeRuns(readId: number, dagId: string, runs: readonly DagRun[]): boolean {
    const known = entries.get(dagId)?.runs ?? [];
    const byId = new Map([...known, ...runs].map((run) => [run.runId, run]));
    return putRuns(readId, dagId, [...byId.values()]);
  }

  function putImportError(dagId: string, text: string | undefined): boolean {
    const { entry, isNew } = open(dagId);
    const changed = entry.importError !== text;
    entry.importError = text;
    return isNew || changed;
  }

  function forget(readId: number, dagId: string): void {
    if ((entries.get(dagId)?.dagReadId ?? 0) <= readId) {
      entries.delete(dagId);
      activeDagIds.delete(dagId);
    }
  }

  return {
    beginRead() {
      lastReadId += 1;
      return lastReadId;
    },
    view(dagId) {
      const entry = entries.get(dagId);
      return entry && viewOf(entry);
    },
    isRegistered: (dagId) => entries.get(dagId)?.registered ?? false,
    dagIds: () => entries.keys(),
    activeRuns: () => [...activeDagIds].flatMap((dagId) => entries.get(dagId)?.runs.filter(isActive) ?? []),
    putDag,
    putRegistered,
    putRuns,
    mergeRuns,
    putImportError,
    forget,
  };
}

function newEntry(): Entry {
  return {
    registered: false,
    dag: undefined,
    runs: [],
    importError: undefined,
    dagReadId: 0,
    runsReadId: 0,
  };
}

function viewOf({ registered, dag, runs, importError }: Entry): DagView {
  return { registered, ...(dag && { dag }), runs, ...(importError !== undefined && { importError }) };
}
