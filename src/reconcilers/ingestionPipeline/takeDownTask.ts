import { ANNOTATIONS } from '../../api/group.ts';
import type { RemovalFacts } from '../../domain/removalDecision.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';
import type { TakeDown } from './takeDown.ts';

/** What taking the pipeline's DAG down in the Airflow of one client takes; undefined: nobody knows the client. */
export function takeDownTask(
  deps: PipelineDependencies,
  pass: Pass,
  clientKey: string | undefined,
  everDeployed: boolean,
): TakeDown {
  const { metadata, spec } = pass.pipeline;
  const facts = {
    owner: pass.owner,
    deletionPolicy: spec.deletionPolicy ?? 'Delete',
    forceOrphan: metadata.annotations?.[ANNOTATIONS.forceOrphan] === 'true',
    everDeployed,
    client: stateOfClient(deps, clientKey),
    view: undefined,
  };
  return {
    pass,
    facts,
    connection: clientKey === undefined ? undefined : deps.connections.get(clientKey),
    credentialsAreStale: clientKey !== undefined && deps.connections.isUnresolved(clientKey),
  };
}

function stateOfClient(
  { clients, connections }: PipelineDependencies,
  clientKey: string | undefined,
): RemovalFacts['client'] {
  if (clientKey === undefined || clients.get(clientKey) === undefined) {
    return 'gone';
  }
  return connections.get(clientKey) === undefined && connections.isUnresolved(clientKey)
    ? 'withoutCredentials'
    : 'usable';
}
