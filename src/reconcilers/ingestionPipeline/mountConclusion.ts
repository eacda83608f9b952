import { findCondition } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import { shardOfLoader } from '../../domain/loaderFile.ts';
import type { MountDecision } from '../../domain/mountDecision.ts';
import { shardOf } from '../../domain/naming.ts';
import { failed, waiting, type Halt } from '../shared/halt.ts';
import { keyOf } from '../shared/references.ts';
import { ask, awaitLoader, awaitMount, beginUnlessBegun } from './awaitMount.ts';
import { concludeDeploy } from './deployConclusion.ts';
import type { Deployment } from './deployment.ts';
import { describeMissing, describePlace } from './mountWords.ts';
import { isPending, lastAttempt } from './observe.ts';

const RECHECK = 60_000;

/** Turns what Airflow knows into the condition Deployed: returns the view where all is well, halts otherwise. */
export async function concludeMount(
  deployment: Deployment,
  decision: MountDecision,
  view: DagView,
): Promise<DagView> {
  switch (decision.kind) {
    case 'upToDate':
      return settleMounted(deployment, view);
    case 'awaitMount':
      throw await awaitMount(deployment, decision, view);
    case 'handOver':
      throw await awaitLoader(deployment, view);
    case 'awaitRun':
      return awaitRun(deployment, decision, view);
    case 'mountNotSeen':
      throw await mountNotSeen(deployment, view);
    case 'importError':
      beginUnlessBegun(deployment);
      await ask(deployment, view);
      return concludeDeploy(deployment, decision, view);
    case 'dagExists':
    case 'ownedByOther':
      return concludeDeploy(deployment, decision, view);
    default:
      return decision satisfies never;
  }
}

function settleMounted(deployment: Deployment, view: DagView): DagView {
  const { deps, pass, client, rendered, former, location } = deployment;
  const attempt = lastAttempt(pass);
  concludeDeploy(deployment, { kind: 'upToDate' }, view);
  if (attempt === undefined || isPending(attempt, rendered.hash)) {
    const hash = rendered.hash.slice(0, 12);
    pass.announce('Normal', 'Deployed', `Airflow has read configuration ${hash} of DAG ${pass.dagId}.`);
  }
  if (findCondition(client.status?.conditions ?? [], 'Mounted')?.status !== 'True') {
    deps.connections.suspect(keyOf(client));
  }
  if (former.length > 0 && shardOfLoader(view.dag?.fileLocation ?? '') !== shardOf(location.configMap)) {
    judgeFormerPlace(deployment);
  }
  return view;
}

/** Both loaders make the DAG in turn once both are mounted: the new one may be seen for some seconds only. */
function judgeFormerPlace(deployment: Deployment): void {
  const { deps, pass, connection, rendered } = deployment;
  connection.poller.expectDagsUntil(deps.clock() + deps.settings.mountPatience);
  pass.judge({
    type: 'Deployed',
    status: 'True',
    reason: 'Deployed',
    message: `DAG ${pass.dagId} runs configuration ${rendered.hash.slice(0, 12)}, from the former place of its document: Airflow is not seen to mount ${describePlace(deployment)} yet. Both are kept up to date.`,
  });
}

function awaitRun(
  { pass, rendered }: Deployment,
  { runId, isCurrent }: Extract<MountDecision, { kind: 'awaitRun' }>,
  view: DagView,
): DagView {
  const later = `The mounted loader takes DAG ${pass.dagId} over when its run ${runId} has ended`;
  if (!isCurrent) {
    throw waiting(
      {
        type: 'Ready',
        reason: 'AwaitingRegistration',
        message: `${later}; until then the former configuration stays.`,
      },
      RECHECK,
    );
  }
  pass.judge({
    type: 'Deployed',
    status: 'True',
    reason: 'Deployed',
    message: `DAG ${pass.dagId} runs configuration ${rendered.hash.slice(0, 12)}. ${later}.`,
  });
  return view;
}

async function mountNotSeen(deployment: Deployment, view: DagView): Promise<Halt> {
  const { deps, pass, client } = deployment;
  await ask(deployment, view);
  if (findCondition(pass.before.conditions ?? [], 'Deployed')?.reason !== 'MountNotSeen') {
    deps.connections.suspect(keyOf(client));
  }
  return failed({ type: 'Deployed', reason: 'MountNotSeen', message: describeMissing(deployment, view) });
}
