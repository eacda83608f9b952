import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Clock } from '../../domain/clock.ts';
import type { DeployTiming } from '../../domain/deployDecision.ts';
import type { CustomResources } from '../../kube/customResources.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Namespace } from '../../kube/namespaces.ts';
import type { Reflector } from '../../kube/reflector.ts';
import type { SourceConfigValidator } from '../../openmetadata/sourceConfig/validateSourceConfig.ts';
import type { Connections } from '../shared/connections.ts';
import type { DocumentStore } from '../shared/documentStore.ts';
import type { PipelineIndex } from '../shared/pipelineIndex.ts';
import type { SecretSource } from '../shared/secretSource.ts';

/** All that the reconciler of pipelines works with. */
export interface PipelineDependencies {
  readonly pipelines: Pick<Reflector<IngestionPipeline>, 'get' | 'put'>;
  readonly clients: Pick<Reflector<PipelineServiceClient>, 'get' | 'list'>;
  readonly resources: Pick<CustomResources<IngestionPipeline>, 'applyStatus' | 'patchFinalizers'>;
  readonly documents: DocumentStore;
  readonly secrets: SecretSource;
  readonly validateSourceConfig: SourceConfigValidator;
  readonly readNamespace: (name: string, signal: AbortSignal) => Promise<Namespace | undefined>;
  readonly events: EventRecorder;
  readonly connections: Connections;
  readonly index: PipelineIndex;
  /** A call through this client failed: its reconciler shall look at once. */
  readonly reportFault: (clientKey: string) => void;
  /** A pipeline's status changed: its client shall count again, in a while. */
  readonly reportChange: (clientKey: string) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: PipelineSettings;
}

/** Durations are milliseconds. */
export interface PipelineSettings {
  readonly ownerId: string;
  readonly defaultClient: { readonly namespace: string; readonly name: string } | undefined;
  readonly resync: number;
  readonly deployTiming: DeployTiming;
  /** How long Airflow may take to read a document out of its mount. */
  readonly mountPatience: number;
}
