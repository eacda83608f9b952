import type { PipelineConditionType } from '../../api/conditionTypes.ts';
import { toKubernetesTime, type Verdict } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import { loaderFile, shardOfLoader } from '../../domain/loaderFile.ts';
import type { MountDecision } from '../../domain/mountDecision.ts';
import { shardOf } from '../../domain/naming.ts';
import { waiting, type Halt } from '../shared/halt.ts';
import { keyOf } from '../shared/references.ts';
import { askReparse, REPARSE_EVERY } from './askReparse.ts';
import { noteDeployed, type Deployment } from './deployment.ts';
import { describePlace } from './mountWords.ts';
import { lastAttempt } from './observe.ts';
import { preflight } from './preflight.ts';

/** Milliseconds between two looks for each pipeline that waits: thousands leave room for work. */
const RECHECK_EACH = 50;

/** Where the DAG was there with this configuration, Deployed stays: it comes back by itself. */
export async function awaitMount(
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

/** While the plugin's file is being taken away. */
export function awaitLoader(deployment: Deployment, view: DagView): Promise<Halt> {
  return askAndWait(deployment, view, awaiting(deployment, 'Deployed'), Infinity);
}

/** Notes from when on the document is awaited; false where that is known. */
export function beginUnlessBegun(deployment: Deployment): boolean {
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

/** Asks for the loader of the place where the document belongs, and for the one that made the DAG last. */
export async function ask(
  { deps, pass, client, connection, location }: Deployment,
  { dag }: DagView,
): Promise<void> {
  const shards = [shardOf(location.configMap), shardOfLoader(dag?.fileLocation ?? '')];
  for (const shard of new Set(shards.filter((each) => each !== undefined))) {
    await askReparse(deps, pass, connection, { clientKey: keyOf(client), shard });
  }
}

function awaiting(deployment: Deployment, type: 'Deployed' | 'Ready'): Verdict<PipelineConditionType> {
  const loader = loaderFile(shardOf(deployment.location.configMap) ?? '');
  const message =
    type === 'Ready'
      ? `The DAG is gone from Airflow. It comes back when ${loader} is read again.`
      : `Stands in ${describePlace(deployment)}. Airflow has not read it out of its mount yet: a kubelet takes up to 90 s to bring it there.`;
  return { type, status: 'Unknown', reason: 'AwaitingRegistration', message };
}
