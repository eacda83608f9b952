import { ANNOTATIONS } from '../../api/group.ts';
import type { Dag } from '../../domain/dag.ts';
import { shardOfLoader } from '../../domain/loaderFile.ts';
import type { RemovalFacts } from '../../domain/removalDecision.ts';
import type { Connection } from '../shared/connection.ts';
import { askReparse } from './askReparse.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

export interface TakeDown {
  readonly pass: Pass;
  /** Undefined while there is none to the client. */
  readonly connection: Connection | undefined;
  readonly facts: RemovalFacts;
  /** Whether the Secret behind the credentials in use is gone, so that refused ones stay refused. */
  readonly credentialsAreStale: boolean;
  /** Removes the document from where this Airflow may mount it. */
  readonly dropDocuments: () => Promise<void>;
  /** Asks Airflow to notice that. */
  readonly askReparse: (connection: Connection, dag: Dag) => Promise<void>;
}

export interface ConnectedTakeDown extends TakeDown {
  readonly connection: Connection;
}

/** What taking the pipeline's DAG down in the Airflow of one client takes; undefined: nobody knows the client. */
export function takeDownTask(
  deps: PipelineDependencies,
  pass: Pass,
  clientKey: string | undefined,
  {
    dropDocuments,
    ...known
  }: Pick<RemovalFacts, 'everDeployed' | 'delivery'> & Pick<TakeDown, 'dropDocuments'>,
): TakeDown {
  const { metadata, spec } = pass.pipeline;
  const facts = {
    owner: pass.owner,
    deletionPolicy: spec.deletionPolicy ?? 'Delete',
    forceOrphan: metadata.annotations?.[ANNOTATIONS.forceOrphan] === 'true',
    ...known,
    client: stateOfClient(deps, clientKey),
    view: undefined,
  };
  return {
    pass,
    facts,
    dropDocuments,
    async askReparse(connection, { fileLocation }) {
      const shard = shardOfLoader(fileLocation);
      if (clientKey !== undefined && shard !== undefined) {
        await askReparse(deps, pass, connection, { clientKey, shard });
      }
    },
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
