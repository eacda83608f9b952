import type { DagRun } from '../../domain/dagRun.ts';
import type { RunLook } from './pace.ts';

/** For answers that became visible late, and clocks that differ. */
const overlap = 2 * 60_000;
const longestLook = 60 * 60_000;

/**
 * From when on to ask for changed runs. The marks are times of Airflow's own clock (the latest start and end seen), held
 * near the last good look by ours, so that neither a run dated into the future nor a quiet week makes a look miss or
 * return too much.
 */
export interface RunMarks {
  /** Takes the times of runs that were read. */
  note(runs: readonly DagRun[]): void;
  /** RFC 3339. */
  startedSince(): string;
  endedSince(): string;
  /** A look succeeded that began at this time, in milliseconds since 1970. */
  looked(look: RunLook, at: number): void;
}

export function createRunMarks(begin: number): RunMarks {
  const started = { latest: 0, lookedAt: begin };
  const ended = { latest: 0, lookedAt: begin };

  return {
    note(runs) {
      for (const { startTime, endTime } of runs) {
        started.latest = Math.max(started.latest, time(startTime));
        ended.latest = Math.max(ended.latest, time(endTime));
      }
    },
    startedSince: () => since(started),
    endedSince: () => since(ended),
    looked(look, at) {
      started.lookedAt = at;
      // A look at the runs that started shows nothing of the end of older ones.
      ended.lookedAt = look === 'full' ? at : ended.lookedAt;
    },
  };
}

function since({ latest, lookedAt }: { latest: number; lookedAt: number }): string {
  const near = Math.max(Math.min(latest, lookedAt), lookedAt - longestLook);
  return new Date(near - overlap).toISOString();
}

function time(value: string | undefined): number {
  return value === undefined ? 0 : Date.parse(value);
}
