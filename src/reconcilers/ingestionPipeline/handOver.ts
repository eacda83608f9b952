import { toKubernetesTime } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import type { DeployAttempt } from '../../domain/deployDecision.ts';
import type { MountDecision } from '../../domain/mountDecision.ts';
import { stalled } from '../shared/halt.ts';
import { describeDrift, STAYS } from './deployEvents.ts';
import { noteDeployed, type Deployment } from './deployment.ts';
import { recordRuns } from './followRuns.ts';
import { concludeMount } from './mountConclusion.ts';
import { isPending, lastAttempt } from './observe.ts';
import { recordIntent } from './recordIntent.ts';

const RECHECK = 60_000;

type HandOver = Extract<MountDecision, { kind: 'handOver' }>;
type Decide = (view: DagView, attempt?: DeployAttempt) => MountDecision;

/**
 * Takes the plugin's file away, so that the loader makes the DAG; rows and runs stay where Airflow lets them. It is paused
 * meanwhile: a run that begins between the two would find no file. Halts until the loader has come in.
 */
export async function handOver(
  deployment: Deployment,
  view: DagView,
  { isDrift }: HandOver,
  decide: Decide,
): Promise<DagView> {
  const { deps, pass, connection } = deployment;
  if (isDrift && pass.pipeline.spec.driftPolicy === 'Warn') {
    return leaveDrift(deployment, decide);
  }
  await recordIntent(pass, 'Is being handed over to the mounted loader.');
  const paused = await pause(deployment, view);
  const decision = decide(paused);
  if (decision.kind !== 'handOver') {
    return concludeMount(deployment, decision, await resume(deployment, view, paused));
  }
  // Airflow 2 forgets the runs along with the file: how the last one ended can be seen for the last time here.
  await recordRuns(deps, pass, connection, paused);
  const attempt = begin(deployment);
  await connection.airflow.removeFiles(pass.dagId, pass.signal);
  announce(deployment, isDrift);
  const after = await connection.poller.refresh(pass.dagId, pass.signal);
  return concludeMount(deployment, decide(after, attempt), after);
}

/** What the poller has seen is too little to blame somebody for. */
async function leaveDrift(deployment: Deployment, decide: Decide): Promise<DagView> {
  const { pass, connection } = deployment;
  const view = await connection.poller.refresh(pass.dagId, pass.signal);
  const decision = decide(view);
  if (decision.kind !== 'handOver') {
    return concludeMount(deployment, decision, view);
  }
  const message = `${describeDrift('edited')} It ${STAYS}`;
  throw stalled({ type: 'Deployed', reason: 'DriftDetected', message }, RECHECK);
}

async function pause({ pass, connection }: Deployment, { dag }: DagView): Promise<DagView> {
  if (dag?.isActive === true && !dag.isPaused) {
    await connection.airflow.disable(pass.dagId, pass.signal);
  }
  return connection.poller.refresh(pass.dagId, pass.signal);
}

/** A run has begun in the meantime: Airflow does not end runs of a paused DAG. */
async function resume({ pass, connection }: Deployment, before: DagView, paused: DagView): Promise<DagView> {
  if (before.dag?.isPaused !== false || paused.dag?.isPaused !== true) {
    return paused;
  }
  await connection.airflow.enable(pass.dagId, pass.signal);
  return connection.poller.notePaused(pass.dagId, false) ?? paused;
}

/** A hand-over that has to be repeated keeps its time: at some point it is one that does not succeed. */
function begin(deployment: Deployment): DeployAttempt {
  const { deps, pass, rendered } = deployment;
  const known = lastAttempt(pass);
  const time =
    known !== undefined && isPending(known, rendered.hash)
      ? known.time
      : Math.floor(deps.clock() / 1000) * 1000;
  noteDeployed(deployment, toKubernetesTime(time));
  return { delivery: 'ConfigMap', hash: rendered.hash, time, state: 'accepted' };
}

function announce({ pass, rendered }: Deployment, isDrift: boolean): void {
  const what = `DAG ${pass.dagId} to the mounted loader, with configuration ${rendered.hash.slice(0, 12)}.`;
  if (isDrift) {
    pass.announce('Normal', 'DriftCorrected', `${describeDrift('edited')} Handed ${what}`);
  } else {
    pass.announce('Normal', 'Deployed', `Handed ${what}`);
  }
}
