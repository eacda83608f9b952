import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { DocumentLocation } from '../../domain/naming.ts';
import type { Connection } from '../shared/connection.ts';
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
}

/** How the documents of this client's pipelines reach Airflow. */
export function deliveryOf({ spec }: PipelineServiceClient): 'ManagedAPI' | 'ConfigMap' {
  return spec.delivery ?? 'ManagedAPI';
}

/** Puts on the status what was, or is about to be, deployed. */
export function noteDeployed({ pass, client, rendered, location }: Deployment, time: string): void {
  const { hash, publicHash } = rendered;
  pass.note({ deployed: { hash, publicHash, time, delivery: deliveryOf(client), ...location } });
}
