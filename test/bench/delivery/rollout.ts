import { setTimeout as sleep } from 'node:timers/promises';
import { pipelineManifest } from '../../harness/manifests.ts';
import { secondsSince, tellFigure } from '../../support/figures.ts';
import { NAMESPACE, type Site } from './site.ts';

const PER_APPLY = 250;
const LOOK_EVERY_MS = 500;

/** How long it took from the declaration of many pipelines until all of them were enabled. */
export interface Rollout {
  /** How many were Ready, hence enabled, when the time was over. */
  readonly enabled: number;
  /** Until the last of those. */
  readonly seconds: number;
  /** Since the mounted directory was updated; only where documents are mounted. */
  readonly secondsSinceUpdate?: number;
}

export interface Wave {
  readonly pipelines: number;
  readonly minutes: number;
  /** Called when all have been declared; gives the moment at which the mounted directory was updated. */
  update?(): Promise<number>;
}

/** Declares the pipelines and waits until all of them are Ready, or the time is over. */
export async function rollOut({ cluster, fleet }: Site, wave: Wave): Promise<Rollout> {
  const before = fleet.readyTimes().length;
  const started = Date.now();
  await declare(cluster, wave.pipelines);
  tellFigure('  declared', secondsSince(started));
  const updated = await wave.update?.();
  if (updated !== undefined) tellFigure('  directory updated', secondsSince(started));
  const deadline = started + wave.minutes * 60_000;
  while (fleet.readyTimes().length < before + wave.pipelines && Date.now() < deadline) {
    await sleep(LOOK_EVERY_MS);
  }
  tellFigure('  rolled out', secondsSince(started));
  const moments = fleet.readyTimes().slice(before);
  const seconds = moments.map((moment) => (moment - started) / 1000);
  const last = seconds.at(-1) ?? Number.NaN;
  return {
    enabled: seconds.length,
    seconds: last,
    ...(updated !== undefined && { secondsSinceUpdate: last - (updated - started) / 1000 }),
  };
}

async function declare(cluster: Site['cluster'], count: number): Promise<void> {
  const manifests = Array.from({ length: count }, (_, index) =>
    pipelineManifest({ namespace: NAMESPACE, name: `pipeline-${index}` }),
  );
  for (let from = 0; from < count; from += PER_APPLY) {
    await cluster.apply(...manifests.slice(from, from + PER_APPLY));
  }
}
