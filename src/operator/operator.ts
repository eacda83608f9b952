import { API_GROUP } from '../api/group.ts';
import { createController, type Controller, type ReconcileContext } from '../controller/controller.ts';
import type { Outcome } from '../domain/outcome.ts';
import { createEventRecorder } from '../kube/events.ts';
import { isKubeError } from '../kube/kubeError.ts';
import { connectionsTo } from './connections.ts';
import { documentsOf } from './documents.ts';
import { readLoaderFiles } from './loaderFiles.ts';
import { LeadLost } from '../reconcilers/shared/leadGuard.ts';
import { watchNamespacesForever } from './namespaces.ts';
import type { OperatorOptions } from './options.ts';
import type { NamedQueue } from './queues.ts';
import { clientReconciler, pipelineReconciler } from './reconcilers.ts';
import { createSecrets } from './secrets.ts';
import { createWorld } from './world.ts';

/** A deploy may take 180 s, and its result has to be written after that. */
const PIPELINE_DEADLINE = 210_000;
const CLIENT_DEADLINE = 60_000;

/** The operator, put together and not started. */
export interface Operator {
  /** Keeps the caches until the signal is aborted; also while another replica leads. */
  watch(signal: AbortSignal): Promise<void>;
  /**
   * Works until `signal` is aborted and what runs has finished; `abandon` ends everything at once. Changes nothing outside
   * where `isHeld` says that the lead may be over.
   */
  work(signal: AbortSignal, abandon: AbortSignal, isHeld: () => boolean): Promise<void>;
  isReady(): boolean;
}

export function createOperator(options: OperatorOptions): Operator {
  const { kubeConfig, identity, clock, log } = options;
  const world = createWorld(options);
  const lead = { isHeld: () => false };
  const connections = connectionsTo(options, world, () => lead.isHeld());
  const secrets = createSecrets(options);
  const events = createEventRecorder({
    kubeConfig,
    reportingController: `${API_GROUP}/operator`,
    reportingInstance: identity,
    clock,
    log,
  });
  const parts = {
    options,
    world,
    connections,
    secrets: secrets.source,
    documents: documentsOf(options, world),
    loaderFiles: readLoaderFiles(),
    events,
  };
  const controllers = [
    controllerOf(options, world.queues.pipelines, pipelineReconciler(parts), PIPELINE_DEADLINE),
    controllerOf(options, world.queues.clients, clientReconciler(parts), CLIENT_DEADLINE),
  ];

  return {
    watch: (signal) => world.caches.run(signal),
    isReady: () => world.caches.synced(),
    async work(signal, abandon, isHeld) {
      lead.isHeld = isHeld;
      const stopped = AbortSignal.any([signal, abandon]);
      await world.caches.whenSynced(stopped);
      const refreshing = [
        secrets.refreshForever(world, connections, stopped),
        watchNamespacesForever(options, world, stopped),
      ];
      await Promise.all(controllers.map((controller) => controller.run(signal, abandon)));
      await Promise.all(refreshing);
      connections.closeAll();
      await events.flush();
    },
  };
}

function controllerOf(
  { settings, clock, random, log }: OperatorOptions,
  { name, queue, hooks }: NamedQueue,
  reconcile: (key: string, context: ReconcileContext) => Promise<Outcome>,
  deadline: number,
): Controller {
  return createController({
    name,
    queue,
    reconcile,
    deadline,
    concurrency: settings.concurrency,
    clock,
    random,
    log,
    isConflict: (error) => isKubeError(error, 'conflict'),
    errorKind: (error) => (isKubeError(error) || error instanceof LeadLost ? error.kind : undefined),
    hooks,
  });
}
