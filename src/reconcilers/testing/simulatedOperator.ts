import { createDeployGate } from '../../airflow/deployGate.ts';
import { createSecretCache } from '../../kube/secretCache.ts';
import { linesLogger, type LogLine } from '../../kube/testing/linesLogger.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { createSourceConfigValidator } from '../../openmetadata/sourceConfig/validateSourceConfig.ts';
import { createPipelineReconciler } from '../ingestionPipeline/reconcile.ts';
import { createClientReconciler } from '../pipelineServiceClient/reconcile.ts';
import { createConfigMapShards } from '../shared/configMapShards.ts';
import { createConnections, type Connections } from '../shared/connections.ts';
import { createDocumentStore } from '../shared/documentStore.ts';
import { createPipelineIndex, type PipelineIndex } from '../shared/pipelineIndex.ts';
import { keyOf } from '../shared/references.ts';
import { COUNT_AFTER, createRouting } from '../shared/routing.ts';
import { createSecretShards } from '../shared/secretShards.ts';
import { createSecretSource } from '../shared/secretSource.ts';
import { createDirectPoller } from './directPoller.ts';
import { createKeyQueue } from './keyQueue.ts';
import { AIRFLOW } from './manifests.ts';
import type { Surroundings } from './world.ts';

const RESYNC = 600_000;
const REGISTRATION = 600_000;
const VERIFICATION = 60_000;
const RECOVERY = 60_000;
const MOUNT_PATIENCE = 420_000;
const CHECK_CLIENTS_EVERY = 60_000;
/** Stand for the real texts. */
export const LOADER_FILES = { loader: '# loader', ignore: '# ignored' };

/** The reconcilers with everything of their own: all that a restart makes forget. */
export interface SimulatedOperator {
  readonly connections: Connections;
  readonly index: PipelineIndex;
  readonly lines: readonly LogLine[];
  /** What the reconcilers left to their controllers. */
  thrown(): readonly unknown[];
  reconcilePipeline(key: string): Promise<Outcome>;
  reconcileClient(key: string): Promise<Outcome>;
  pipelineChanged(key: string): void;
  clientChanged(key: string): void;
  stop(): void;
}

export function startOperator(surroundings: Surroundings): SimulatedOperator {
  const { clockwork, pipelines, clients, shelf, namespaces, openMetadata, events } = surroundings;
  const { clock } = clockwork;
  const log = linesLogger();
  const context = { signal: new AbortController().signal, log };
  const index = createPipelineIndex();
  const pipelineQueue = createKeyQueue(clockwork, (key) => reconcilePipeline(key, context));
  const clientQueue = createKeyQueue(clockwork, (key) => reconcileClient(key, context));
  const routing = createRouting({
    pipelines,
    clients,
    index,
    pipelineQueue,
    clientQueue,
    defaultClient: undefined,
  });
  const connections = createConnections({
    createAirflow: (_, { endpoint }) =>
      (endpoint === AIRFLOW ? surroundings.airflow : surroundings.otherAirflow).airflow,
    createOpenMetadata: () => openMetadata.openMetadata,
    createPoller: (clientKey, airflow) =>
      createDirectPoller({
        airflow,
        clockwork,
        interval: () => surroundings.polling.interval,
        dagIds: () => index.dagIdsOf(clientKey),
        onRecovered: () => reportFault(clientKey),
        onChange: (dagIds) => routing.dagsChanged(clientKey, dagIds),
      }),
    createGate: (limits) =>
      createDeployGate({
        ...limits,
        clock,
        schedule: clockwork.schedule,
        onTurn: (key) => pipelineQueue.add(key),
      }),
  });
  function reportFault(clientKey: string): void {
    connections.suspect(clientKey);
    clientQueue.add(clientKey);
  }
  const cache = createSecretCache({
    readSecret: (namespace, name) => shelf.reader.readSecret(namespace, name),
    clock,
    maxAge: 0,
    missingMaxAge: 0,
  });
  const shared = {
    pipelines,
    clients,
    secrets: createSecretSource(cache, shelf.reader),
    documents: createDocumentStore(
      createConfigMapShards(shelf.shards, shelf.configMaps),
      createSecretShards(shelf.reader, shelf.secretKeys, clock),
    ),
    events: events.recorder,
    connections,
    index,
    clock,
    random: () => 0.5,
  };
  const reconcilePipeline = createPipelineReconciler({
    ...shared,
    validateSourceConfig: createSourceConfigValidator(),
    resources: pipelines,
    readNamespace: async (name) => namespaces.get(name),
    reportFault,
    reportChange: (clientKey) => clientQueue.addAfter(clientKey, COUNT_AFTER),
    settings: {
      ownerId: 'default',
      defaultClient: undefined,
      resync: RESYNC,
      mountPatience: MOUNT_PATIENCE,
      deployTiming: { registration: REGISTRATION, verification: VERIFICATION, recovery: RECOVERY },
    },
  });
  const reconcileClient = createClientReconciler({
    ...shared,
    resources: clients,
    loaderFiles: LOADER_FILES,
    pipelineQueue,
    checkEvery: CHECK_CLIENTS_EVERY,
  });

  for (const client of clients.list()) {
    routing.clientChanged(keyOf(client), 'list');
  }
  for (const pipeline of pipelines.list()) {
    routing.pipelineChanged(keyOf(pipeline), 'list');
  }
  return {
    connections,
    index,
    lines: log.lines,
    thrown: () => [...pipelineQueue.thrown, ...clientQueue.thrown],
    reconcilePipeline: (key) => reconcilePipeline(key, context),
    reconcileClient: (key) => reconcileClient(key, context),
    pipelineChanged: (key) => routing.pipelineChanged(key, 'watch'),
    clientChanged: (key) => routing.clientChanged(key, 'watch'),
    stop() {
      pipelineQueue.stop();
      clientQueue.stop();
      connections.closeAll();
    },
  };
}
