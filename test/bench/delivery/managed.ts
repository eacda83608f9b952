import { loadavg } from 'node:os';
import { measureEdits } from './edits.ts';
import { measureParseLoop, untilParsed } from './parseLoop.ts';
import { countDagFiles, leaveAlone, placeFiles } from './placeFiles.ts';
import { rollOut } from './rollout.ts';
import { startSite } from './site.ts';
import type { Limits, Trial } from './trial.ts';
import { warmUp } from './warmUp.ts';
import { watchWebMemory } from './webMemory.ts';

/** So many files are parsed for the cost of one: all of them would take the better part of an hour. */
const SAMPLE = 60;

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
    const sample = Math.min(pipelines + 1, Math.max(SAMPLE, countDagFiles(site.airflow.dagsFolder)));
    await placeFiles(site, sample);
    await untilParsed(site, sample);
    const parseLoop = await measureParseLoop(site, {
      files: pipelines + 1,
      loops: 1,
      minutes: limits.loopMinutes,
    });
    await placeFiles(site, pipelines + 1);
    const edits = await measureEdits(site, { count: limits.edits, minutes: limits.editMinutes });
    const loadAverage = [loadBefore, loadavg()[0] ?? 0] as const;
    return { delivery: 'ManagedAPI', pipelines, rollout, web, parseLoop, edits, loadAverage };
  } finally {
    await site.stop();
  }
}
