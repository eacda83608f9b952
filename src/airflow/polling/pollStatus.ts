import type { Airflow } from '../airflow.ts';
import type { Snapshot } from './snapshot.ts';

const quietDagsPerLook = 5;
const activeDagsPerLook = 10;

/**
 * Without the core API: asks the plugin about a few DAGs at each look, those with active runs first, the others in turn, so
 * that the load does not depend on their number (about one call a second).
 */
export interface StatusPolling {
  /** Gives the DAGs whose view changed. `withRegistration` where the list of DAGs cannot be read either. */
  poll(
    interesting: ReadonlySet<string>,
    withRegistration: boolean,
    signal: AbortSignal,
  ): Promise<Set<string>>;
}

export function createStatusPolling(airflow: Airflow, snapshot: Snapshot): StatusPolling {
  let waiting: string[] = [];

  function takeQuiet(interesting: ReadonlySet<string>): string[] {
    waiting = waiting.filter((dagId) => interesting.has(dagId));
    if (waiting.length === 0) {
      waiting = [...interesting];
    }
    return waiting.splice(0, quietDagsPerLook);
  }

  async function poll(
    interesting: ReadonlySet<string>,
    withRegistration: boolean,
    signal: AbortSignal,
  ): Promise<Set<string>> {
    const active = new Set(snapshot.activeRuns().map(({ dagId }) => dagId));
    const changed = new Set<string>();
    for (const dagId of new Set([...[...active].slice(0, activeDagsPerLook), ...takeQuiet(interesting)])) {
      if (await readStatus(airflow, snapshot, { dagId, withRegistration }, signal)) {
        changed.add(dagId);
      }
    }
    return changed;
  }

  return { poll };
}

/** Reads one DAG through the plugin; tells whether its view changed. */
export async function readStatus(
  airflow: Airflow,
  snapshot: Snapshot,
  { dagId, withRegistration }: { dagId: string; withRegistration: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const readId = snapshot.beginRead();
  const runs = await airflow.recentRuns(dagId, signal);
  const registered = withRegistration && snapshot.putRegistered(readId, dagId, runs !== undefined);
  return snapshot.putRuns(readId, dagId, runs ?? []) || registered;
}
