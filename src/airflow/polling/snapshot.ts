import type { Dag } from '../../domain/dag.ts';
import type { DagRun } from '../../domain/dagRun.ts';
import type { DagView } from '../../domain/dagView.ts';
import { isActive, newestFirst } from '../runOrder.ts';
import { sameDag, sameRuns } from './sameView.ts';

const keptRuns = 10;

interface Entry {
  view: DagView;
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
  let lastReadId = 0;

  function entry(dagId: string): Entry {
    return entries.get(dagId) ?? { view: { registered: false, runs: [] }, dagReadId: 0, runsReadId: 0 };
  }

  function put(dagId: string, next: Entry, changed: boolean): boolean {
    const isNew = !entries.has(dagId);
    entries.set(dagId, next);
    return changed || isNew;
  }

  function putDag(readId: number, dagId: string, dag: Dag | undefined): boolean {
    const known = entry(dagId);
    if (known.dagReadId > readId) {
      return false;
    }
    const { dag: knownDag, runs, importError } = known.view;
    // The plugin removes the runs with the DAG.
    const view: DagView = {
      registered: dag !== undefined,
      ...(dag && { dag }),
      runs: dag ? runs : [],
      ...(importError !== undefined && { importError }),
    };
    const changed = !sameDag(knownDag, dag) || known.view.registered !== view.registered;
    return put(dagId, { ...known, view, dagReadId: readId }, changed);
  }

  function putRegistered(readId: number, dagId: string, registered: boolean): boolean {
    const known = entry(dagId);
    const { runs, importError } = known.view;
    const view: DagView = { registered, runs, ...(importError !== undefined && { importError }) };
    const changed = known.view.registered !== registered || known.view.dag !== undefined;
    return put(dagId, { ...known, view, dagReadId: readId }, changed);
  }

  function putRuns(readId: number, dagId: string, runs: readonly DagRun[]): boolean {
    const known = entry(dagId);
    if (known.runsReadId > readId) {
      return false;
    }
    const kept = runs.toSorted(newestFirst).slice(0, keptRuns);
    const view: DagView = { ...known.view, runs: kept };
    return put(dagId, { ...known, view, runsReadId: readId }, !sameRuns(known.view.runs, kept));
  }

  function mergeRuns(readId: number, dagId: string, runs: readonly DagRun[]): boolean {
    const byId = new Map(entry(dagId).view.runs.map((run) => [run.runId, run]));
    for (const run of runs) {
      byId.set(run.runId, run);
    }
    return putRuns(readId, dagId, [...byId.values()]);
  }

  function putImportError(dagId: string, text: string | undefined): boolean {
    const known = entry(dagId);
    const { importError: knownText, ...rest } = known.view;
    const view: DagView = { ...rest, ...(text !== undefined && { importError: text }) };
    return put(dagId, { ...known, view }, knownText !== text);
  }

  function activeRuns(): DagRun[] {
    return [...entries.values()].flatMap(({ view }) => view.runs.filter(isActive));
  }

  return {
    beginRead() {
      lastReadId += 1;
      return lastReadId;
    },
    view: (dagId) => entries.get(dagId)?.view,
    dagIds: () => entries.keys(),
    activeRuns,
    putDag,
    putRegistered,
    putRuns,
    mergeRuns,
    putImportError,
    forget(readId, dagId) {
      if (entry(dagId).dagReadId <= readId) {
        entries.delete(dagId);
      }
    },
  };
}
