import { findCondition } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import type { DeployAttempt } from '../../domain/deployDecision.ts';
import { decideMount, type MountDecision } from '../../domain/mountDecision.ts';
import type { Connection } from '../shared/connection.ts';
import type { Deployment } from './deployment.ts';
import { handOver } from './handOver.ts';
import { concludeMount } from './mountConclusion.ts';
import { lastAttempt } from './observe.ts';
import type { Pass } from './pass.ts';
import { isLookRequested } from './requests.ts';

/** The delivery that posts nothing: the document stands in the mount, and Airflow is seen to read it; see {@link deliver}. */
export async function mount(deployment: Deployment): Promise<DagView> {
  const { pass, connection } = deployment;
  connection.gate.cancel(pass.key);
  connection.awaitingMount.delete(pass.key);
  const view = await observe(pass, connection);
  const decision = decide(deployment, view);
  return decision.kind === 'handOver'
    ? handOver(deployment, view, decision, (after, attempt) => decide(deployment, after, attempt))
    : concludeMount(deployment, decision, view);
}

/** From the one list of all DAGs: thousands may wait, and each look of its own would cost Airflow a call. */
async function observe(pass: Pass, { poller }: Connection): Promise<DagView> {
  const known = poller.view(pass.dagId);
  return known === undefined || isLookRequested(pass) ? poller.refresh(pass.dagId, pass.signal) : known;
}

function decide(
  { deps, pass, rendered }: Deployment,
  view: DagView,
  attempt: DeployAttempt | undefined = lastAttempt(pass),
): MountDecision {
  return decideMount({
    owner: pass.owner,
    hash: rendered.hash,
    view,
    attempt,
    adopt: pass.pipeline.spec.adopt === true,
    missedSince: missedSince(pass),
    now: deps.clock(),
    patience: deps.settings.mountPatience,
  });
}

function missedSince({ before }: Pass): number | undefined {
  const reconciling = findCondition(before.conditions ?? [], 'Reconciling');
  return reconciling?.reason === 'AwaitingRegistration'
    ? Date.parse(reconciling.lastTransitionTime)
    : undefined;
}
