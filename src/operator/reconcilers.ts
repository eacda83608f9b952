import { API_GROUP, API_VERSION } from '../api/group.ts';
import { IngestionPipeline } from '../api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../api/pipelineServiceClient.ts';
import { createCustomResources } from '../kube/customResources.ts';
import type { EventRecorder } from '../kube/events.ts';
import { readNamespace } from '../kube/namespaces.ts';
import { createSourceConfigValidator } from '../openmetadata/sourceConfig/validateSourceConfig.ts';
import {
  createPipelineReconciler,
  type PipelineReconciler,
} from '../reconcilers/ingestionPipeline/reconcile.ts';
import {
  createClientReconciler,
  type ClientReconciler,
} from '../reconcilers/pipelineServiceClient/reconcile.ts';
import type { LoaderFiles } from '../reconcilers/pipelineServiceClient/keepLoaders.ts';
import type { Connections } from '../reconcilers/shared/connections.ts';
import type { DocumentStore } from '../reconcilers/shared/documentStore.ts';
import { COUNT_AFTER } from '../reconcilers/shared/routing.ts';
import type { SecretSource } from '../reconcilers/shared/secretSource.ts';
import type { OperatorOptions } from './options.ts';
import type { World } from './world.ts';

const apiVersion = `${API_GROUP}/${API_VERSION}`;
const CHECK_CLIENTS_EVERY = 60_000;

/** What both reconcilers work with. */
export interface Parts {
  readonly options: OperatorOptions;
  readonly world: World;
  readonly connections: Connections;
  readonly secrets: SecretSource;
  readonly documents: DocumentStore;
  readonly loaderFiles: LoaderFiles;
  readonly events: EventRecorder;
}

export function pipelineReconciler(parts: Parts): PipelineReconciler {
  const { options, world, connections } = parts;
  const { kubeConfig, settings } = options;
  const { queue: clientQueue } = world.queues.clients;
  return createPipelineReconciler({
    ...shared(parts),
    resources: createCustomResources({
      kubeConfig,
      apiVersion,
      kind: 'IngestionPipeline',
      plural: 'ingestionpipelines',
      parse: (raw) => IngestionPipeline.parse(raw),
    }),
    validateSourceConfig: createSourceConfigValidator(),
    readNamespace: (name, signal) => readNamespace(kubeConfig, name, signal),
    reportFault: (clientKey) => {
      connections.suspect(clientKey);
      clientQueue.add(clientKey);
    },
    reportChange: (clientKey) => clientQueue.addAfter(clientKey, COUNT_AFTER, 'low'),
    settings: {
      ownerId: settings['owner-id'],
      defaultClient: settings['default-client'],
      resync: settings['resync-seconds'] * 1000,
      mountPatience: settings['mount-seconds'] * 1000,
      deployTiming: {
        registration: settings['registration-timeout-seconds'] * 1000,
        verification: settings['verification-seconds'] * 1000,
        recovery: settings['recovery-seconds'] * 1000,
      },
    },
  });
}

export function clientReconciler(parts: Parts): ClientReconciler {
  return createClientReconciler({
    ...shared(parts),
    resources: createCustomResources({
      kubeConfig: parts.options.kubeConfig,
      apiVersion,
      kind: 'PipelineServiceClient',
      plural: 'pipelineserviceclients',
      parse: (raw) => PipelineServiceClient.parse(raw),
    }),
    loaderFiles: parts.loaderFiles,
    pipelineQueue: parts.world.queues.pipelines.queue,
    checkEvery: CHECK_CLIENTS_EVERY,
  });
}

type Shared = Pick<World['caches'], 'pipelines' | 'clients'> &
  Pick<Parts, 'secrets' | 'documents' | 'events' | 'connections'> &
  Pick<World, 'index'> &
  Pick<OperatorOptions, 'clock' | 'random'>;

function shared({ options, world, connections, secrets, documents, events }: Parts): Shared {
  const { clock, random } = options;
  const { caches, index } = world;
  return {
    pipelines: caches.pipelines,
    clients: caches.clients,
    secrets,
    documents,
    events,
    connections,
    index,
    clock,
    random,
  };
}
