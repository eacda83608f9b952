import { setTimeout as sleep } from 'node:timers/promises';
import { withAirflow } from '../../contract/subject.ts';
import { subjectOf } from '../../harness/realAirflow.ts';
import { cpuSecondsBelow, memoryOf, type TreeMemory } from './processTree.ts';
import type { Site } from './site.ts';
import type { WebMemory } from './trial.ts';

const LOOK_EVERY_MS = 2_000;
const PATIENCE_MS = 900_000;
/** Work goes on without such a pause. */
const STANDS_STILL_MS = 45_000;
/** After so many its memory hardly grows by more of them. */
const LISTS = 15;
/** As the operator's own. */
const AT_A_TIME = 8;

/** Watches the memory of the web server and of what descends from it, from a quiet moment to the next. */
export interface MemoryWatch {
  /** Once the children that were not there at the begin are gone, or do nothing any more. The web server is started anew for the comparison. */
  end(): Promise<WebMemory>;
}

export async function watchWebMemory(site: Site): Promise<MemoryWatch> {
  const { airflow } = site;
  const before = await quiet(airflow.pidOf('web'), 1);
  let peak = before;
  const timer = setInterval(() => {
    const now = memoryOf(airflow.pidOf('web'));
    if (now.proportional > peak.proportional) peak = now;
  }, LOOK_EVERY_MS);
  return {
    async end() {
      await quiet(airflow.pidOf('web'), before.processes);
      clearInterval(timer);
      const after = await memoryAfterReading(site);
      await airflow.stopWeb();
      await airflow.startWeb();
      return { before, after, peak, fresh: await memoryAfterReading(site) };
    },
  };
}

async function quiet(root: number, processes: number): Promise<TreeMemory> {
  const deadline = Date.now() + PATIENCE_MS;
  let [work, since] = [cpuSecondsBelow(root), Date.now()];
  while (Date.now() < deadline) {
    await sleep(LOOK_EVERY_MS);
    const memory = memoryOf(root);
    const now = cpuSecondsBelow(root);
    if (now !== work) [work, since] = [now, Date.now()];
    // One that was forked while a thread held a lock waits for it for ever.
    if (memory.processes <= processes || Date.now() - since >= STANDS_STILL_MS) return memory;
  }
  throw new Error(`process ${root} still has children at work`);
}

/** Asks as the operator asks, only more often: what a web server once took to answer, it does not give back. */
async function memoryAfterReading({ airflow, openMetadata }: Site): Promise<TreeMemory> {
  const around = { openMetadata, token: '', service: { id: '', name: '' } };
  await withAirflow(subjectOf(airflow, around), async (door, signal) => {
    for (let list = 0; list < LISTS; list += 1) {
      const dags = await door.listDags(signal);
      const some = dags.slice(0, AT_A_TIME);
      await Promise.all(some.map(({ dagId }) => door.getDag(dagId, signal)));
      await Promise.all(some.map(({ dagId }) => door.enable(dagId, signal)));
      await door.listImportErrors(signal);
    }
  });
  return memoryOf(airflow.pidOf('web'));
}
