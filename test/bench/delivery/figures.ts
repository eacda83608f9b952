import type { Trial } from './trial.ts';

const MEGABYTE = 1_000_000;

/** One quantity of a trial, for tables and charts. */
export interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly valueOf: (trial: Trial) => number | undefined;
  readonly certaintyOf: (trial: Trial) => Certainty;
}

/** Measured as it stands; calculated from a part of the whole; or given up when it was so much. */
export type Certainty = 'measured' | 'calculated' | 'givenUp';

function measured(): Certainty {
  return 'measured';
}

function loopCertainty({ parseLoop }: Trial): Certainty {
  return parseLoop.isComplete ? 'measured' : 'calculated';
}

export const FIGURES: readonly Figure[] = [
  {
    title: 'CPU time of the DAG processor for one loop over all files',
    unit: 's',
    valueOf: ({ parseLoop }) => parseLoop.cpuSecondsPerLoop,
    certaintyOf: loopCertainty,
  },
  {
    title: 'Not enabled when the rollout was over, or given up',
    unit: '',
    valueOf: ({ rollout, pipelines }) => pipelines - rollout.enabled,
    certaintyOf: measured,
  },
  {
    title: 'Declared to all enabled',
    unit: 's',
    valueOf: ({ rollout, pipelines }) => (rollout.enabled < pipelines ? undefined : rollout.seconds),
    certaintyOf: measured,
  },
  {
    title: 'Mounted directory updated to all enabled',
    unit: 's',
    valueOf: ({ rollout }) => rollout.secondsSinceUpdate,
    certaintyOf: measured,
  },
  {
    title: 'Web server: growth beyond one that only serves these DAGs',
    unit: 'MB',
    valueOf: ({ web }) => (web.after.proportional - web.fresh.proportional) / MEGABYTE,
    certaintyOf: measured,
  },
  {
    title: 'Web server: growth in all',
    unit: 'MB',
    valueOf: ({ web }) => (web.after.proportional - web.before.proportional) / MEGABYTE,
    certaintyOf: measured,
  },
  {
    title: 'Web server: children that hang for ever',
    unit: '',
    valueOf: ({ web }) => web.after.processes - web.before.processes,
    certaintyOf: measured,
  },
  {
    title: 'Web server: growth at its peak, with its children',
    unit: 'MB',
    valueOf: ({ web }) => (web.peak.proportional - web.before.proportional) / MEGABYTE,
    certaintyOf: measured,
  },
  {
    title: 'Web server: processes at that peak',
    unit: '',
    valueOf: ({ web }) => web.peak.processes,
    certaintyOf: measured,
  },
  {
    title: 'Calls to OpenMetadata a minute',
    unit: '',
    valueOf: ({ parseLoop }) => parseLoop.openMetadataCallsPerMinute,
    certaintyOf: measured,
  },
  {
    title: 'Calls to OpenMetadata for one loop over all files',
    unit: '',
    valueOf: ({ parseLoop }) => parseLoop.openMetadataCallsPerLoop,
    certaintyOf: loopCertainty,
  },
  {
    title: 'Edit of a pipeline to its new mark in Airflow, median',
    unit: 's',
    valueOf: ({ edits }) => median(edits.map(({ toDocument = 0, toAirflow }) => toDocument + toAirflow)),
    certaintyOf: ({ edits }) => (edits.every(({ hasCome }) => hasCome) ? 'measured' : 'givenUp'),
  },
];

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
