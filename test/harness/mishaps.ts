import { dagIdOf } from './situation.ts';
import type { OtherHands } from './otherHands.ts';

/** What befalls the DAG of a pipeline behind the operator's back. */
export type Mishap = 'deleted' | 'erased' | 'paused' | 'suspended' | 'edited' | 'broken';

const BEFALL: Record<Mishap, (hands: OtherHands, dagId: string) => Promise<void>> = {
  deleted: (hands, dagId) => hands.deleteThroughPlugin(dagId),
  erased: (hands, dagId) => hands.deleteThroughCoreApi(dagId),
  paused: (hands, dagId) => hands.pause(dagId, true),
  suspended: (hands, dagId) => hands.pause(dagId, false),
  edited: (hands, dagId) => hands.deployOver(dagId),
  broken: (hands, dagId) => hands.breakFile(dagId, 'broken by hand'),
};

/** Those that only a deploy undoes. */
export const UNDONE_BY_DEPLOY: readonly Mishap[] = ['deleted', 'edited', 'broken'];

/** The pipeline to which it happens: one with driftPolicy Correct, or one with Warn. */
export function pipelineOf(mishap: Mishap, driftPolicy: 'Correct' | 'Warn'): string {
  return driftPolicy === 'Correct' ? mishap : `watched-${mishap}`;
}

/** Lets them happen one after the other; each time, in milliseconds since 1970, stands in `happened` by the pipeline's name. */
export async function letHappen(
  hands: OtherHands,
  mishaps: readonly Mishap[],
  driftPolicy: 'Correct' | 'Warn',
  happened: Map<string, number>,
): Promise<void> {
  for (const mishap of mishaps) {
    const name = pipelineOf(mishap, driftPolicy);
    await BEFALL[mishap](hands, dagIdOf(name));
    happened.set(name, Date.now());
  }
}
