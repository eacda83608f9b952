import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { WorkQueue } from '../../controller/workQueue.ts';
import type { Clock } from '../../domain/clock.ts';
import type { CustomResources } from '../../kube/customResources.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Reflector } from '../../kube/reflector.ts';
import type { Connections } from '../shared/connections.ts';
import type { DocumentStore } from '../shared/documentStore.ts';
import type { PipelineIndex } from '../shared/pipelineIndex.ts';
import type { SecretSource } from '../shared/secretSource.ts';
import type { LoaderFiles } from './keepLoaders.ts';

/** All that the reconciler of clients works with. */
export interface ClientDependencies {
  readonly clients: Pick<Reflector<PipelineServiceClient>, 'get' | 'put' | 'list'>;
  readonly pipelines: Pick<Reflector<IngestionPipeline>, 'get' | 'list'>;
  readonly resources: Pick<CustomResources<PipelineServiceClient>, 'applyStatus' | 'patchFinalizers'>;
  readonly secrets: SecretSource;
  readonly documents: DocumentStore;
  readonly loaderFiles: LoaderFiles;
  readonly events: EventRecorder;
  readonly connections: Connections;
  readonly index: PipelineIndex;
  readonly pipelineQueue: Pick<WorkQueue, 'add'>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Milliseconds between two checks of a client that is well. */
  readonly checkEvery: number;
}
