import { backoff } from '../../controller/backoff.ts';
import type { WorkQueue } from '../../controller/workQueue.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Clockwork } from './clockwork.ts';

/** A controller with its queue, in simulated time: one key after the other. */
export interface KeyQueue extends Pick<WorkQueue, 'add' | 'addAfter'> {
  /** What was thrown at the controller, which a reconciler should do for faults of the API server only. */
  readonly thrown: readonly unknown[];
  stop(): void;
}

export function createKeyQueue(
  { clock, schedule }: Clockwork,
  reconcile: (key: string) => Promise<Outcome>,
): KeyQueue {
  const due = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  const failures = new Map<string, number>();
  const thrown: unknown[] = [];
  let stopped = false;

  function addAfter(key: string, milliseconds: number): void {
    const at = clock() + milliseconds;
    const planned = due.get(key);
    if (stopped || (planned !== undefined && planned.at <= at)) {
      return;
    }
    planned?.cancel();
    due.set(key, { at, cancel: schedule(() => work(key), milliseconds) });
  }

  async function work(key: string): Promise<void> {
    due.delete(key);
    try {
      settle(key, await reconcile(key));
    } catch (error) {
      thrown.push(error);
      settle(key, { kind: 'failed' });
    }
  }

  function settle(key: string, outcome: Outcome): void {
    if (outcome.kind === 'failed') {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      addAfter(
        key,
        Math.max(
          Math.min(
            backoff(count, () => 0),
            outcome.notAfter ?? Infinity,
          ),
          outcome.notBefore ?? 0,
        ),
      );
      return;
    }
    failures.delete(key);
    if (outcome.checkAfter !== undefined) {
      addAfter(key, outcome.checkAfter);
    }
  }

  return {
    thrown,
    addAfter,
    add: (key) => addAfter(key, 0),
    stop() {
      stopped = true;
      due.forEach(({ cancel }) => cancel());
    },
  };
}
