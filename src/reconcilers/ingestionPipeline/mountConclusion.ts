import type { PipelineConditionType } from '../../api/conditionTypes.ts';
import { findCondition, toKubernetesTime, type Verdict } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import { loaderFile, shardOfLoader } from '../../domain/loaderFile.ts';
import type { MountDecision } from '../../domain/mountDecision.ts';
import { shardOf } from '../../domain/naming.ts';
import { failed, waiting, type Halt } from '../shared/halt.ts';
import { keyOf } from '../shared/references.ts';
import { askReparse, REPARSE_EVERY } from './askReparse.ts';
import { concludeDeploy } from './deployConclusion.ts';
import { noteDeployed, type Deployment } from './deployment.ts';
import { describeMissing, describePlace } from './mountWords.ts';
import { isPending, lastAttempt } from './observe.ts';
import { preflight } from './preflight.ts';

const RECHECK = 60_000;
/** Milliseconds between two looks for each pipeline that waits: thousands leave room for work. */
const RECHECK_EACH = 50;

/** Turns what Airflow knows into the condition Deployed: returns the view where all is well, halts otherwise. */
export async function concludeMount(
  deployment: Deployment,
  decision: MountDecision,
  view: DagView,
): Promise<DagView> {
  const { pass } = deployment;
  switch (decision.kind) {
    case 'upToDate':
      return settleMounted(deployment, view);
    case 'awaitMount':
      throw await awaitMount(deployment, decision, view);
    case 'handOver':
      throw await askAndWait(deployment, view, awaiting(deployment, 'Deployed'), Infinity);
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
      pass.log.error({ decision }, 'unknown decision');
      return decision satisfies never;
  }
}

function settleMounted(deployment: Deployment, view: DagView): DagView {
  const { deps, pass, client, connection, rendered, former, location } = deployment;
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
    connection.poller.expectDagsUntil(deps.clock() + deps.settings.mountPatience);
    pass.judge({
      type: 'Deployed',
      status: 'True',
      reason: 'Deployed',
      message: `DAG ${pass.dagId} runs configuration ${rendered.hash.slice(0, 12)}, from the former place of its document: Airflow is not seen to mount ${describePlace(deployment)} yet. Both are kept up to date.`,
    });
  }
  return view;
}

/** Where the DAG was there with this configuration, Deployed stays: it comes back by itself. */
async function awaitMount(
  deployment: Deployment,
  { until, wasThere }: Extract<MountDecision, { kind: 'awaitMount' }>,
  view: DagView,
): Promise<Halt> {
  if (!wasThere && beginUnlessBegun(deployment)) {
    deployment.pass.judge(awaiting(deployment, 'Deployed'));
    await preflight(deployment);
  }
  return askAndWait(deployment, view, awaiting(deployment, wasThere ? 'Ready' : 'Deployed'), until);
}

/** Notes from when on the document is awaited; false where that is known. */
function beginUnlessBegun(deployment: Deployment): boolean {
  const { deps, pass, rendered } = deployment;
  const { deployed } = pass.noted();
  const attempt = lastAttempt(pass);
  const isBegun = deployed?.delivery === 'ConfigMap' && deployed.hash === rendered.hash;
  if (isBegun && attempt?.state !== 'refused') {
    return false;
  }
  if (deployed !== undefined && !isBegun && deployed.publicHash === rendered.publicHash) {
    announceRotation(deployment);
  }
  noteDeployed(deployment, toKubernetesTime(deps.clock()));
  return true;
}

function announceRotation({ pass, rendered }: Deployment): void {
  if (pass.before.deployed?.delivery === 'ConfigMap') {
    const what = `configuration ${rendered.hash.slice(0, 12)} of DAG ${pass.dagId}`;
    pass.announce('Normal', 'SecretRotated', `A secret has changed. Wrote ${what}.`);
  }
}

async function askAndWait(
  deployment: Deployment,
  view: DagView,
  verdict: Verdict<PipelineConditionType>,
  until: number,
): Promise<Halt> {
  const { deps, pass, connection } = deployment;
  connection.awaitingMount.add(pass.key);
  await ask(deployment, view);
  const often = Math.max(REPARSE_EVERY, connection.awaitingMount.size * RECHECK_EACH);
  const checkAfter = Math.min(often, Math.max(1_000, until - deps.clock()));
  connection.poller.expectDagsUntil(deps.clock() + checkAfter + REPARSE_EVERY);
  return waiting(verdict, checkAfter);
}

/** The loader of the place where the document belongs, and the one that made the DAG last. */
async function ask(
  { deps, pass, client, connection, location }: Deployment,
  { dag }: DagView,
): Promise<void> {
  const shards = [shardOf(location.configMap), shardOfLoader(dag?.fileLocation ?? '')];
  for (const shard of new Set(shards.filter((each) => each !== undefined))) {
    await askReparse(deps, pass, connection, { clientKey: keyOf(client), shard });
  }
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

function awaiting(deployment: Deployment, type: 'Deployed' | 'Ready'): Verdict<PipelineConditionType> {
  const loader = loaderFile(shardOf(deployment.location.configMap) ?? '');
  const message =
    type === 'Ready'
      ? `The DAG is gone from Airflow. It comes back when ${loader} is read again.`
      : `Stands in ${describePlace(deployment)}. Airflow has not read it out of its mount yet: a kubelet takes up to 90 s to bring it there.`;
  return { type, status: 'Unknown', reason: 'AwaitingRegistration', message };
}
