import type { DagView } from '../../domain/dagView.ts';
import {
  decideDeploy,
  isDrift,
  type DeployAttempt,
  type DeployCause,
  type DeployDecision,
} from '../../domain/deployDecision.ts';
import { stalled } from '../shared/halt.ts';
import { concludeDeploy } from './deployConclusion.ts';
import { announceDeploy, describeDrift, STAYS } from './deployEvents.ts';
import type { Deployment } from './deployment.ts';
import { lastAttempt, observe } from './observe.ts';
import { sendDocument } from './sendDocument.ts';

const RECHECK = 60_000;

/** The delivery that posts documents to the managed APIs; see {@link deliver}. */
export async function deploy(deployment: Deployment): Promise<DagView> {
  const { pass, connection } = deployment;
  const view = await observe(pass, connection);
  const decision = decide(deployment, view, lastAttempt(pass));
  return isDrift(decision) ? actOnFreshLook(deployment) : act(deployment, decision, view);
}

/** What the poller has seen may be from before the last deploy, and is too little to blame somebody for. */
async function actOnFreshLook(deployment: Deployment): Promise<DagView> {
  const { pass, connection } = deployment;
  const view = await connection.poller.refresh(pass.dagId, pass.signal);
  return act(deployment, decide(deployment, view, lastAttempt(pass)), view);
}

async function act(deployment: Deployment, decision: DeployDecision, view: DagView): Promise<DagView> {
  const { pass, connection } = deployment;
  if (decision.kind !== 'deploy') {
    connection.gate.cancel(pass.key);
    return concludeDeploy(deployment, decision, view);
  }
  if (isDrift(decision) && pass.pipeline.spec.driftPolicy === 'Warn') {
    return leaveDrift(deployment, decision.cause, view);
  }
  const attempt = await sendDocument(deployment);
  announceDeploy(deployment, decision.cause);
  const after = await connection.poller.refresh(pass.dagId, pass.signal);
  return concludeDeploy(deployment, decide(deployment, after, attempt), after);
}

/** Where the DAG cannot be imported, Airflow's own text says more. */
function leaveDrift(deployment: Deployment, cause: DeployCause, view: DagView): DagView {
  if (view.importError !== undefined) {
    return concludeDeploy(deployment, { kind: 'importError', message: view.importError }, view);
  }
  const message = `${describeDrift(cause)} It ${STAYS}`;
  throw stalled({ type: 'Deployed', reason: 'DriftDetected', message }, RECHECK);
}

function decide(
  { deps, pass, connection, rendered }: Deployment,
  view: DagView,
  attempt: DeployAttempt | undefined,
): DeployDecision {
  return decideDeploy({
    owner: pass.owner,
    hash: rendered.hash,
    view,
    attempt,
    adopt: pass.pipeline.spec.adopt === true,
    recoveredAt: connection.poller.recoveredAt(),
    now: deps.clock(),
    timing: deps.settings.deployTiming,
  });
}
