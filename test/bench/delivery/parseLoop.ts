import { setTimeout as sleep } from 'node:timers/promises';
import { openDagTable } from './dagTable.ts';
import { createParseCount } from './parseCount.ts';
import { cpuSecondsOf } from './processTree.ts';
import type { Site } from './site.ts';

const LOOK_EVERY_MS = 1_000;

/** What it costs to parse every file once, from so many parses while nothing else happens. */
export interface ParseLoop {
  readonly files: number;
  readonly parses: number;
  readonly windowSeconds: number;
  readonly cpuSecondsPerParse: number;
  /** Of the DAG processor with its children; what it does between the parses is in it. */
  readonly cpuSecondsPerLoop: number;
  /** Whether every file was parsed in the window; otherwise a loop is extrapolated from those that were. */
  readonly isComplete: boolean;
  readonly openMetadataCallsPerLoop: number;
  readonly openMetadataCallsPerMinute: number;
}

export interface LoopLimits {
  /** Files that there are, where Airflow has not seen all of them; those that it has DAGs of when left out. */
  readonly files?: number;
  /** The window ends when each file was parsed so often, or after so many minutes. */
  readonly loops: number;
  readonly minutes: number;
}

export async function measureParseLoop(
  { airflow, openMetadata }: Pick<Site, 'airflow' | 'openMetadata'>,
  limits: LoopLimits,
): Promise<ParseLoop> {
  const table = openDagTable(airflow.database);
  const count = createParseCount();
  const pid = airflow.pidOf('dagProcessor');
  const [started, cpu, calls] = [Date.now(), cpuSecondsOf(pid), openMetadata.requests.length];
  count.look(table.rows());
  while (count.completeLoops() < limits.loops && Date.now() - started < limits.minutes * 60_000) {
    await sleep(LOOK_EVERY_MS);
    count.look(table.rows());
  }
  table.close();
  if (airflow.pidOf('dagProcessor') !== pid) {
    throw new Error('the DAG processor was started again while it was measured');
  }
  const files = limits.files ?? count.files();
  return conclude({
    files,
    parses: count.parses(),
    isComplete: count.completeLoops() >= 1 && count.files() >= files,
    seconds: (Date.now() - started) / 1000,
    cpuSeconds: cpuSecondsOf(pid) - cpu,
    calls: openMetadata.requests.length - calls,
  });
}

interface Window {
  readonly files: number;
  readonly parses: number;
  readonly isComplete: boolean;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly calls: number;
}

function conclude({ files, parses, isComplete, seconds, cpuSeconds, calls }: Window): ParseLoop {
  return {
    files,
    parses,
    windowSeconds: seconds,
    cpuSecondsPerParse: cpuSeconds / parses,
    cpuSecondsPerLoop: (cpuSeconds / parses) * files,
    isComplete,
    openMetadataCallsPerLoop: (calls / parses) * files,
    openMetadataCallsPerMinute: (calls / seconds) * 60,
  };
}
