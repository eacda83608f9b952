import { ANNOTATIONS, FINALIZER } from '../../api/group.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { decideRemoval, type RemovalDecision, type RemovalFacts } from '../../domain/removalDecision.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import type { Connection } from '../shared/connection.ts';
import { Halt } from '../shared/halt.ts';
import { clientKeyOf } from '../shared/references.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';
import { endRemoval } from './removalEnd.ts';
import { stillDeleting } from './stillDeleting.ts';
import { isMarked, takeDown } from './takeDown.ts';

const RETRY = 2_000;

/** Takes a pipeline down and drops the finalizer when nothing of it is left, or when it may be left behind. */
export async function removePipeline(deps: PipelineDependencies, pass: Pass): Promise<Outcome> {
  if (pass.pipeline.metadata.finalizers?.includes(FINALIZER) !== true) {
    return { kind: 'done' };
  }
  try {
    await endRemoval(deps, pass, await remove(deps, pass));
    return { kind: 'done' };
  } catch (error) {
    if (!(error instanceof Halt)) {
      throw error;
    }
    await settleIfThere(pass, error);
    return error.outcome;
  }
}

async function remove(deps: PipelineDependencies, pass: Pass): Promise<RemovalDecision> {
  const clientKey = clientOf(deps, pass);
  const connection = clientKey === undefined ? undefined : deps.connections.get(clientKey);
  const unresolved = clientKey !== undefined && deps.connections.isUnresolved(clientKey);
  connection?.gate.cancel(pass.key);
  const facts = {
    ...intentOf(pass),
    client: stateOfClient(deps, clientKey, connection, unresolved),
    view: undefined,
  };
  const decision = decideRemoval(facts);
  const task = connection && { pass, connection, facts, credentialsAreStale: unresolved };
  if (decision.kind === 'finish' && task !== undefined) {
    return (await isMarked(task)) ? takeDown(task) : decision;
  }
  if (decision.kind !== 'wait') {
    return decision;
  }
  if (task === undefined) {
    throw stillDeleting('The connection to Airflow is being made.', RETRY);
  }
  return takeDown(task);
}

/** The client that the pipeline was deployed through, else the one it refers to. */
function clientOf(deps: PipelineDependencies, { before, pipeline }: Pass): string | undefined {
  const { name, namespace } = before.clientRef ?? {};
  return name === undefined || namespace === undefined
    ? clientKeyOf(pipeline, (key) => deps.clients.get(key) !== undefined, deps.settings.defaultClient)
    : `${namespace}/${name}`;
}

function stateOfClient(
  deps: PipelineDependencies,
  clientKey: string | undefined,
  connection: Connection | undefined,
  unresolved: boolean,
): RemovalFacts['client'] {
  if (clientKey === undefined || deps.clients.get(clientKey) === undefined) {
    return 'gone';
  }
  return connection === undefined && unresolved ? 'withoutCredentials' : 'usable';
}

function intentOf({ pipeline, owner, before }: Pass): Omit<RemovalFacts, 'client' | 'view'> {
  return {
    owner,
    deletionPolicy: pipeline.spec.deletionPolicy ?? 'Delete',
    forceOrphan: pipeline.metadata.annotations?.[ANNOTATIONS.forceOrphan] === 'true',
    everDeployed: before.deployed !== undefined,
  };
}

async function settleIfThere(pass: Pass, { verdict, outcome }: Halt): Promise<void> {
  try {
    await pass.settle({ kind: 'halted', verdict, outcome });
  } catch (error) {
    if (!isKubeError(error, 'notFound', 'conflict')) {
      throw error;
    }
  }
}
