import type { FormerClient } from '../../api/ingestionPipeline.ts';
import type { RemovalDecision } from '../../domain/removalDecision.ts';
import { Halt } from '../shared/halt.ts';
import { keyOfReference } from '../shared/references.ts';
import { isClaimed } from './claim.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { describeOrphan } from './orphan.ts';
import type { Pass } from './pass.ts';
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
  if (configMap !== undefined && key !== undefined && !isClaimed(deps, pass, keyOfReference(former))) {
    await deps.documents.remove({ namespace, name: configMap, key }, pass.signal);
  }
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
