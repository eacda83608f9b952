import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { DocumentLocation } from '../../domain/naming.ts';
import type { Connection } from '../shared/connection.ts';
import type { DocumentKey, StoredDocument } from '../shared/documentPlace.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';
import type { Rendered } from './render.ts';

/** What one deploy is about. */
export interface Deployment {
  readonly deps: PipelineDependencies;
  readonly pass: Pass;
  readonly client: PipelineServiceClient;
  readonly connection: Connection;
  readonly rendered: Rendered;
  readonly location: DocumentLocation;
  readonly kind: StoredDocument['kind'];
  /** Where else the document stands until Airflow is seen to read it there. */
  readonly former: readonly DocumentKey[];
}

/** How the documents of this client's pipelines reach Airflow. */
export function deliveryOf({ spec }: PipelineServiceClient): 'ManagedAPI' | 'ConfigMap' {
  return spec.delivery ?? 'ManagedAPI';
}

/** Puts on the status what was, or is about to be, deployed. */
export function noteDeployed(deployment: Deployment, time: string): void {
  const { pass, client, rendered } = deployment;
  const { hash, publicHash } = rendered;
  const delivery = deliveryOf(client);
  pass.note({ deployed: { hash, publicHash, time, delivery, ...provenPlace(deployment) } });
}

/** The place that Airflow was seen to read last, for as long as the document stands there. */
function provenPlace({ pass, location, former }: Deployment): Partial<DocumentLocation> {
  const { configMap, key } = pass.noted().deployed ?? {};
  return former.some((place) => place.name === configMap && place.key === key)
    ? { configMap, key }
    : location;
}
