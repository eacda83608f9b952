import { isDeepStrictEqual } from 'node:util';
import type { FormerClient } from '../../api/ingestionPipeline.ts';
import type { RemovalDecision } from '../../domain/removalDecision.ts';
import { placeOf } from '../shared/clientShards.ts';
import type { DocumentKey } from '../shared/documentPlace.ts';
import { Halt } from '../shared/halt.ts';
import { keyOfReference } from '../shared/references.ts';
import { isClaimed } from './claim.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { isPlaceOf } from './formerPlaces.ts';
import { describeOrphan } from './orphan.ts';
import type { Pass } from './pass.ts';
import { removeDocument } from './removeDocuments.ts';
import { takeDown } from './takeDown.ts';
import { takeDownTask } from './takeDownTask.ts';

/**
 * Removes the DAG from each Airflow that the pipeline has left, with the document that stands there. What cannot be done
 * yet stays on the status, with the reason; returns whether anything does.
 */
export async function clearFormerClients(
  deps: PipelineDependencies,
  pass: Pass,
  isInUse: (former: FormerClient) => boolean,
): Promise<boolean> {
  const left: FormerClient[] = [];
  for (const former of (pass.noted().formerClients ?? []).filter((candidate) => !isInUse(candidate))) {
    const obstacle = await clear(deps, pass, former);
    if (obstacle === undefined) {
      deps.reportChange(keyOfReference(former));
    } else {
      left.push({ ...former, message: obstacle });
      announceObstacle(pass, former, obstacle);
    }
  }
  pass.note({ formerClients: left.length === 0 ? undefined : left });
  return left.length > 0;
}

/** Returns what stands in the way, if anything does. */
async function clear(
  deps: PipelineDependencies,
  pass: Pass,
  former: FormerClient,
): Promise<string | undefined> {
  try {
    const clientKey = keyOfReference(former);
    const delivery = deps.clients.get(clientKey)?.spec.delivery ?? 'ManagedAPI';
    const decision = await takeDown(
      takeDownTask(deps, pass, clientKey, {
        everDeployed: true,
        delivery,
        dropDocuments: () => dropDocument(deps, pass, former),
      }),
    );
    // Of a mounted document it is what the DAG that stays is made of.
    if (decision.kind !== 'orphan' || delivery !== 'ConfigMap') {
      await dropDocument(deps, pass, former);
    }
    announce(pass, former, decision);
    return undefined;
  } catch (error) {
    if (error instanceof Halt) {
      return error.message;
    }
    throw error;
  }
}

/** Another pipeline may have the DAG there by now, and the document with it. */
async function dropDocument(deps: PipelineDependencies, pass: Pass, former: FormerClient): Promise<void> {
  const { namespace, configMap, key } = former;
  if (isClaimed(deps, pass, keyOfReference(former))) {
    return;
  }
  const client = deps.clients.get(keyOfReference(former));
  const places = await deps.documents.placesOf(namespace, pass.dagId, pass.key);
  for (const place of places.filter((candidate) => isPlaceOf(former, client, candidate))) {
    if (!isInUse(deps, pass, place)) {
      await removeDocument(deps, pass, place);
    }
  }
  if (configMap !== undefined && key !== undefined) {
    await removeDocument(deps, pass, { namespace, name: configMap, key });
  }
}

/** Whether the document stands there for the client of today, which may share its ConfigMaps with the former one. */
function isInUse(deps: PipelineDependencies, { dagId, noted }: Pass, place: DocumentKey): boolean {
  const { clientRef } = noted();
  const client = clientRef && deps.clients.get(keyOfReference(clientRef));
  return client !== undefined && isDeepStrictEqual(placeOf(client, dagId), place);
}

/** Told once. Until the DAG is gone there, both Airflows run it. */
function announceObstacle({ dagId, announce: tell }: Pass, former: FormerClient, obstacle: string): void {
  if (former.message === undefined) {
    tell(
      'Warning',
      'CleanupPending',
      `DAG ${dagId} is still in ${describePlace(former)}, and may run there, too. ${obstacle}`,
    );
  }
}

function announce({ dagId, announce: tell }: Pass, former: FormerClient, decision: RemovalDecision): void {
  const where = describePlace(former);
  if (decision.kind === 'orphan') {
    tell(
      'Warning',
      'Orphaned',
      `${describeOrphan(dagId, decision.because)} That is ${where}: it goes on there.`,
    );
  } else {
    tell('Normal', 'Deleted', `Nothing of DAG ${dagId} is left in ${where}.`);
  }
}

function describePlace(former: FormerClient): string {
  return `the Airflow of PipelineServiceClient ${keyOfReference(former)}, which the pipeline has left`;
}
