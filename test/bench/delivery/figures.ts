import type { Trial } from './trial.ts';

const MEGABYTE = 1_000_000;

/** One quantity of a trial, for tables and charts. */
export interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly valueOf: (trial: Trial) => number | undefined;
  /** Whether the value was calculated from a part of the whole. */
  readonly isExtrapolated: (trial: Trial) => boolean;
}

function isMeasured(): boolean {
  return false;
}

export const FIGURES: readonly Figure[] = [
  {
    title: 'CPU time of the DAG processor for one loop over all files',
    unit: 's',
    valueOf: ({ parseLoop }) => parseLoop.cpuSecondsPerLoop,
    isExtrapolated: ({ parseLoop }) => !parseLoop.isComplete,
  },
  {
    title: 'Enabled when the rollout was over, or given up',
    unit: '',
    valueOf: ({ rollout }) => rollout.enabled,
    isExtrapolated: isMeasured,
  },
  {
    title: 'Declared to all enabled',
    unit: 's',
    valueOf: ({ rollout, pipelines }) => (rollout.enabled < pipelines ? undefined : rollout.seconds),
    isExtrapolated: isMeasured,
  },
  {
    title: 'Mounted directory updated to all enabled',
    unit: 's',
    valueOf: ({ rollout }) => rollout.secondsSinceUpdate,
    isExtrapolated: isMeasured,
  },
  {
    title: 'Web server: growth beyond one that only serves these DAGs',
    unit: 'MB',
    valueOf: ({ web }) => (web.after.proportional - web.fresh.proportional) / MEGABYTE,
    isExtrapolated: isMeasured,
  },
  {
    title: 'Web server: growth in all',
    unit: 'MB',
    valueOf: ({ web }) => (web.after.proportional - web.before.proportional) / MEGABYTE,
    isExtrapolated: isMeasured,
  },
  {
    title: 'Web server: children that hang for ever',
    unit: '',
    valueOf: ({ web }) => web.after.processes - web.before.processes,
    isExtrapolated: isMeasured,
  },
  {
    title: 'Web server: growth at its peak, with its children',
    unit: 'MB',
    valueOf: ({ web }) => (web.peak.proportional - web.before.proportional) / MEGABYTE,
    isExtrapolated: isMeasured,
  },
  {
    title: 'Web server: processes at that peak',
    unit: '',
    valueOf: ({ web }) => web.peak.processes,
    isExtrapolated: isMeasured,
  },
  {
    title: 'Calls to OpenMetadata a minute',
    unit: '',
    valueOf: ({ parseLoop }) => parseLoop.openMetadataCallsPerMinute,
    isExtrapolated: isMeasured,
  },
  {
    title: 'Calls to OpenMetadata for one loop over all files',
    unit: '',
    valueOf: ({ parseLoop }) => parseLoop.openMetadataCallsPerLoop,
    isExtrapolated: ({ parseLoop }) => !parseLoop.isComplete,
  },
  {
    title: 'Edit of a pipeline to its new mark in Airflow, median',
    unit: 's',
    valueOf: ({ edits }) => median(edits.map(({ toDocument = 0, toAirflow }) => toDocument + toAirflow)),
    isExtrapolated: ({ edits }) => edits.some(({ hasCome }) => !hasCome),
  },
];

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
