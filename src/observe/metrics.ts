import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What one controller and its queue report, under the names that controller-runtime's dashboards know. */
export interface ControllerMetrics {
  readonly queue: {
    added(): void;
    taken(waited: number): void;
    done(worked: number): void;
    retried(): void;
  };
  readonly controller: {
    started(): void;
    finished(result: string, duration: number, timedOut: boolean): void;
  };
}

/** All metrics of the operator. Durations come in milliseconds and are exported in seconds. */
export interface Metrics {
  forController(name: string, concurrency: number, depth: () => number): ControllerMetrics;
  airflowCall(client: string, verb: string, result: string, milliseconds: number): void;
  leading(isLeader: boolean): void;
}

const RESULTS = ['success', 'error', 'requeue', 'requeue_after', 'terminal'] as const;
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

export function createMetrics(registry: Registry): Metrics {
  const registers = [registry];
  const labelNames = ['controller'];
  const reconciles = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciles by how they ended.',
    labelNames: ['controller', 'result'],
    registers,
  });
  const errors = new Counter({
    name: 'controller_runtime_reconcile_errors_total',
    help: 'Reconciles that failed.',
    labelNames,
    registers,
  });
  const timeouts = new Counter({
    name: 'controller_runtime_reconcile_timeouts_total',
    help: 'Reconciles that ran into their deadline.',
    labelNames,
    registers,
  });
  const times = new Histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'How long reconciles took.',
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  const active = new Gauge({
    name: 'controller_runtime_active_workers',
    help: 'Reconciles under way.',
    labelNames,
    registers,
  });
  const limit = new Gauge({
    name: 'controller_runtime_max_concurrent_reconciles',
    help: 'Reconciles that may be under way at once.',
    labelNames,
    registers,
  });
  const queue = createQueueMetrics(registry);
  const calls = new Histogram({
    name: 'ingestion_airflow_call_duration_seconds',
    help: 'Calls to Airflow by client, verb and result.',
    labelNames: ['client', 'verb', 'result'],
    buckets: BUCKETS,
    registers,
  });
  const leader = new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this replica leads.',
    labelNames: ['name'],
    registers,
  });

  return {
    forController(controller, concurrency, depth) {
      RESULTS.forEach((result) => reconciles.inc({ controller, result }, 0));
      limit.set({ controller }, concurrency);
      return {
        queue: queue(controller, depth),
        controller: {
          started: () => active.inc({ controller }),
          finished(result, duration, timedOut) {
            active.dec({ controller });
            reconciles.inc({ controller, result });
            errors.inc({ controller }, result === 'error' ? 1 : 0);
            timeouts.inc({ controller }, timedOut ? 1 : 0);
            times.observe({ controller }, duration / 1000);
          },
        },
      };
    },
    airflowCall: (client, verb, result, milliseconds) =>
      calls.observe({ client, verb, result }, milliseconds / 1000),
    leading: (isLeader) => leader.set({ name: 'openmetadata-ingestion-operator' }, isLeader ? 1 : 0),
  };
}

function createQueueMetrics(
  registry: Registry,
): (name: string, depth: () => number) => ControllerMetrics['queue'] {
  const registers = [registry];
  const labelNames = ['name'];
  const depths = new Map<string, () => number>();
  new Gauge({
    name: 'workqueue_depth',
    help: 'Keys that wait for a worker.',
    labelNames,
    registers,
    collect() {
      depths.forEach((depth, name) => this.set({ name }, depth()));
    },
  });
  const adds = new Counter({ name: 'workqueue_adds_total', help: 'Keys added.', labelNames, registers });
  const retries = new Counter({
    name: 'workqueue_retries_total',
    help: 'Keys retried.',
    labelNames,
    registers,
  });
  const waits = new Histogram({
    name: 'workqueue_queue_duration_seconds',
    help: 'How long keys waited for a worker.',
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  const works = new Histogram({
    name: 'workqueue_work_duration_seconds',
    help: 'How long keys were worked on.',
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  return (name, depth) => {
    depths.set(name, depth);
    return {
      added: () => adds.inc({ name }),
      retried: () => retries.inc({ name }),
      taken: (waited) => waits.observe({ name }, waited / 1000),
      done: (worked) => works.observe({ name }, worked / 1000),
    };
  };
}
