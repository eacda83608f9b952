import { pipelineManifest } from '../../harness/manifests.ts';
import { eventually } from '../../support/eventually.ts';
import { NAMESPACE, type Site } from './site.ts';

/** The pipeline that each measurement begins with. */
export const WARM_UP = 'warm-up';
const PATIENCE = { timeoutMs: 600_000, intervalMs: 500 };

/** Brings one pipeline to Ready, so that each part has loaded what it needs once. */
export async function warmUp({ cluster, fleet }: Site, update?: () => Promise<unknown>): Promise<void> {
  await cluster.apply(pipelineManifest({ namespace: NAMESPACE, name: WARM_UP }));
  await update?.();
  await eventually(() => {
    if (fleet.readyTimes().length === 0) throw new Error('the first pipeline is not Ready');
  }, PATIENCE);
}
