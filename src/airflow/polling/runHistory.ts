import type { DagRun } from '../../domain/dagRun.ts';
import type { Airflow } from '../airflow.ts';
import type { RunMarks } from './runMarks.ts';
import type { Snapshot } from './snapshot.ts';

const batchLength = 100;
/** 3 pages for 100 DAGs. */
const runsPerBatch = 300;
const runsPerDag = 10;
const batchesPerLook = 3;
const singleDagsPerLook = 20;

/** Which DAGs' newest runs have been read as a whole, not only as changes; reads the others piece by piece. */
export interface RunHistory {
  /** Reads some of the registered DAGs whose runs are not known; gives the DAGs whose view changed and whether all are known now. */
  read(
    interesting: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<{ changed: Set<string>; complete: boolean }>;
  known(dagId: string): void;
  /** These are to be read again; all of them, as the slow sweep that heals whatever a look missed. */
  forget(dagIds: Iterable<string> | 'all'): void;
}

export function createRunHistory(airflow: Airflow, snapshot: Snapshot, marks: RunMarks): RunHistory {
  const known = new Set<string>();
  /** DAGs that the runs of busier ones crowded out of their batch. */
  const crowdedOut = new Set<string>();

  async function readOne(dagId: string, signal: AbortSignal): Promise<string[]> {
    const readId = snapshot.beginRead();
    return keep(readId, [dagId], await airflow.listRuns({ dagIds: [dagId], newest: runsPerDag }, signal));
  }

  async function readBatch(batch: readonly string[], signal: AbortSignal): Promise<string[]> {
    const readId = snapshot.beginRead();
    const runs = await airflow.listRuns({ dagIds: batch, newest: runsPerBatch }, signal);
    const found = new Set(runs.map(({ dagId }) => dagId));
    const isWhole = runs.length < runsPerBatch;
    for (const dagId of isWhole ? [] : batch.filter((id) => !found.has(id))) {
      crowdedOut.add(dagId);
    }
    return keep(readId, isWhole ? batch : [...found], runs);
  }

  function keep(readId: number, dagIds: readonly string[], runs: readonly DagRun[]): string[] {
    marks.note(runs);
    const byDag = Map.groupBy(runs, ({ dagId }) => dagId);
    for (const dagId of dagIds) {
      known.add(dagId);
      crowdedOut.delete(dagId);
    }
    return dagIds.filter((dagId) => snapshot.putRuns(readId, dagId, byDag.get(dagId) ?? []));
  }

  async function read(
    interesting: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<{ changed: Set<string>; complete: boolean }> {
    const unknown = [...interesting].filter((dagId) => !known.has(dagId) && snapshot.isRegistered(dagId));
    const single = unknown.filter((dagId) => crowdedOut.has(dagId));
    const others = unknown.filter((dagId) => !crowdedOut.has(dagId));
    const changed = new Set<string>();
    for (const dagId of single.slice(0, singleDagsPerLook)) {
      (await readOne(dagId, signal)).forEach((id) => changed.add(id));
    }
    for (let from = 0; from < Math.min(others.length, batchesPerLook * batchLength); from += batchLength) {
      const ids = await readBatch(others.slice(from, from + batchLength), signal);
      ids.forEach((id) => changed.add(id));
    }
    return { changed, complete: unknown.every((dagId) => known.has(dagId)) };
  }

  function forget(dagIds: Iterable<string> | 'all'): void {
    if (dagIds === 'all') {
      known.clear();
      crowdedOut.clear();
      return;
    }
    for (const dagId of dagIds) {
      known.delete(dagId);
    }
  }

  return { read, known: (dagId) => known.add(dagId), forget };
}
