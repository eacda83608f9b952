import { loadavg } from 'node:os';
import { measureEdits } from './edits.ts';
import { measureParseLoop } from './parseLoop.ts';
import { leaveAlone, placeFiles } from './placeFiles.ts';
import { rollOut } from './rollout.ts';
import { startSite } from './site.ts';
import type { Limits, Trial } from './trial.ts';
import { warmUp } from './warmUp.ts';
import { watchWebMemory } from './webMemory.ts';

/** One DAG file for each pipeline, posted one by one; as fast as Airflow lets the operator. */
export async function measureManagedAPI(pipelines: number, limits: Limits): Promise<Trial> {
  const site = await startSite({ limits: { deploysPerMinute: 600 } });
  const loadBefore = loadavg()[0] ?? 0;
  try {
    await warmUp(site);
    const memory = await watchWebMemory(site);
    const rollout = await rollOut(site, { pipelines, minutes: limits.rolloutMinutes });
    await leaveAlone(site);
    const web = await memory.end();
    await placeFiles(site);
    const parseLoop = await measureParseLoop(site, {
      files: pipelines + 1,
      loops: 1,
      minutes: limits.loopMinutes,
    });
    const edits = await measureEdits(site, { count: limits.edits });
    const loadAverage = [loadBefore, loadavg()[0] ?? 0] as const;
    return { delivery: 'ManagedAPI', pipelines, rollout, web, parseLoop, edits, loadAverage };
  } finally {
    await site.stop();
  }
}
