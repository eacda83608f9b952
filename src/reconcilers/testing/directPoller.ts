import { isDeepStrictEqual } from 'node:util';
import type { Airflow } from '../../airflow/airflow.ts';
import { AirflowError } from '../../airflow/airflowError.ts';
import type { Poller } from '../../airflow/poller.ts';
import type { DagView } from '../../domain/dagView.ts';
import type { Clockwork } from './clockwork.ts';

export interface DirectPollerOptions {
  readonly airflow: Airflow;
  readonly clockwork: Clockwork;
  /** Milliseconds between two looks. */
  readonly interval: () => number;
  readonly dagIds: () => Iterable<string>;
  readonly onRecovered: () => void;
  readonly onChange: (dagIds: ReadonlySet<string>) => void;
}

/** A poller that asks for one DAG after the other, from time to time and when a run is due. */
export function createDirectPoller(options: DirectPollerOptions): Poller {
  const { airflow, clockwork, interval, dagIds, onChange, onRecovered } = options;
  const { signal: never } = new AbortController();
  const views = new Map<string, DagView>();
  let failing = false;
  let recoveredAt: number | undefined;

  async function look(signal: AbortSignal): Promise<void> {
    const changed = new Set<string>();
    for (const dagId of dagIds()) {
      const before = views.get(dagId);
      if (!isDeepStrictEqual(before, await refreshOrKeep(dagId, before, signal))) {
        changed.add(dagId);
      }
    }
    if (changed.size > 0) {
      onChange(changed);
    }
  }

  async function refreshOrKeep(
    dagId: string,
    before: DagView | undefined,
    signal: AbortSignal,
  ): Promise<DagView | undefined> {
    try {
      const view = await refresh(dagId, signal);
      if (failing) {
        failing = false;
        recoveredAt = clockwork.clock();
        onRecovered();
      }
      return view;
    } catch (error) {
      if (!(error instanceof AirflowError)) {
        throw error;
      }
      failing = true;
      return before;
    }
  }

  async function refresh(dagId: string, signal: AbortSignal): Promise<DagView> {
    const view = await readView(airflow, dagId, signal);
    views.set(dagId, view);
    return view;
  }

  return {
    async run(signal) {
      function plan(): void {
        clockwork.schedule(async () => {
          if (!signal.aborted) {
            await look(signal);
            plan();
          }
        }, interval());
      }
      plan();
    },
    view: (dagId) => views.get(dagId),
    refresh,
    state: () => ({ kind: 'never', coreApi: { kind: 'unknown' } }),
    recoveredAt: () => recoveredAt,
    poke() {},
    expectDagsUntil() {},
    notePaused(dagId, isPaused) {
      const known = views.get(dagId);
      if (known?.dag !== undefined) {
        views.set(dagId, { ...known, dag: { ...known.dag, isPaused } });
      }
      return views.get(dagId);
    },
    expectRunSoon(time) {
      clockwork.schedule(() => look(never), time - clockwork.clock());
    },
  };
}

async function readView(airflow: Airflow, dagId: string, signal: AbortSignal): Promise<DagView> {
  try {
    const dag = await airflow.getDag(dagId, signal);
    const runs = await airflow.listRuns({ dagIds: [dagId] }, signal);
    const errors = await airflow.listImportErrors(signal);
    const importError = errors.find(({ fileLocation }) => fileLocation.endsWith(`/${dagId}.py`))?.stackTrace;
    return {
      registered: dag !== undefined,
      ...(dag && { dag }),
      runs,
      ...(importError !== undefined && { importError }),
    };
  } catch (error) {
    if (error instanceof AirflowError && error.kind === 'coreApiUnavailable') {
      const runs = await airflow.recentRuns(dagId, signal);
      return { registered: runs !== undefined, runs: runs ?? [] };
    }
    throw error;
  }
}
