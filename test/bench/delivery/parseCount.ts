import type { DagRow } from './dagTable.ts';

/** Counts how often each file with DAGs was parsed, from looks at the table that follow one another. */
export interface ParseCount {
  /** Must come more often than a file is parsed. */
  look(rows: readonly DagRow[]): void;
  parses(): number;
  files(): number;
  /** How often the file was parsed that was parsed least often. */
  completeLoops(): number;
}

export function createParseCount(): ParseCount {
  const latest = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    look(rows) {
      for (const [file, time] of lastParses(rows)) {
        const before = latest.get(file);
        const isNew = before !== undefined && before !== time;
        counts.set(file, (counts.get(file) ?? 0) + (isNew ? 1 : 0));
        latest.set(file, time);
      }
    },
    parses: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    files: () => counts.size,
    completeLoops: () => Math.min(...counts.values()),
  };
}

/** All DAGs of a file come from one parse of it. */
function lastParses(rows: readonly DagRow[]): Map<string, string> {
  const times = new Map<string, string>();
  for (const { file, isStale, lastParsed } of rows) {
    if (!isStale && lastParsed !== undefined && lastParsed > (times.get(file) ?? '')) {
      times.set(file, lastParsed);
    }
  }
  return times;
}
