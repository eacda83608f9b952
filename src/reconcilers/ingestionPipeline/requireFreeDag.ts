import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { findStranger } from '../../domain/mountDecision.ts';
import type { Connection } from '../shared/connection.ts';
import { keyOf } from '../shared/references.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { strangerFault } from './deployConclusion.ts';
import { deliveryOf } from './deployment.ts';
import { isInAnotherAirflow } from './formerClient.ts';
import type { Pass } from './pass.ts';
import { requireReady } from './readiness.ts';

/**
 * A document where a loader reads it takes the DAG, so Airflow is asked first whose that is, once: halts with DagExists and
 * DagIdConflict. Throws AirflowError.
 */
export async function requireFreeDag(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
  connection: Connection,
): Promise<void> {
  const isFirst = pass.before.deployed === undefined || isInAnotherAirflow(deps, pass, client);
  if (deliveryOf(client) !== 'ConfigMap' || !isFirst) {
    return;
  }
  requireReady(keyOf(client), connection);
  const view = await connection.poller.refresh(pass.dagId, pass.signal);
  const adopt = pass.pipeline.spec.adopt === true;
  const stranger = findStranger({ owner: pass.owner, view, attempt: undefined, adopt });
  if (stranger !== undefined) {
    throw strangerFault(pass.dagId, stranger);
  }
}
