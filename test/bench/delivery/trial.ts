import type { deliveries } from '../../../src/api/delivery.ts';
import type { Edit } from './edits.ts';
import type { ParseLoop } from './parseLoop.ts';
import type { Rollout } from './rollout.ts';
import type { TreeMemory } from './processTree.ts';

/** What was measured with so many pipelines by one delivery. */
export interface Trial {
  readonly delivery: (typeof deliveries)[number];
  readonly pipelines: number;
  readonly rollout: Rollout;
  readonly web: WebMemory;
  readonly parseLoop: ParseLoop;
  readonly edits: readonly Edit[];
  /** Of the last minute, at its begin and at its end: what the clock measured depends on it. */
  readonly loadAverage: readonly [number, number];
}

/** Of Airflow's web server with its children. */
export interface WebMemory {
  /** With one pipeline, enabled, so that what is loaded once for all is there. */
  readonly before: TreeMemory;
  /** With all of them, no child at work of those that deploys start, and every DAG read many times. */
  readonly after: TreeMemory;
  /** Of a web server that was started in its place and does nothing but answer the same reading. */
  readonly fresh: TreeMemory;
  /** The largest in between, children included. */
  readonly peak: TreeMemory;
}

/** How long and how often to measure. */
export interface Limits {
  /** A rollout that is not done by then is given up. */
  readonly rolloutMinutes: number;
  /** A loop that is not over by then is extrapolated from what was parsed. */
  readonly loopMinutes: number;
  readonly edits: number;
  /** An edit that has not come to Airflow by then is given up. */
  readonly editMinutes: number;
}
