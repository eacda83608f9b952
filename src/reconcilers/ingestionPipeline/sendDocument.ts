import { AirflowError } from '../../airflow/airflowError.ts';
import type { DeployPermit } from '../../airflow/deployGate.ts';
import { toKubernetesTime } from '../../domain/conditions.ts';
import type { DeployAttempt } from '../../domain/deployDecision.ts';
import { waiting, type Halt } from '../shared/halt.ts';
import { keyOf } from '../shared/references.ts';
import { haltOfDeploy, isDocumentFault, isInstallationFault } from './airflowFaults.ts';
import { AWAITING_REGISTRATION } from './deployConclusion.ts';
import { noteDeployed, type Deployment } from './deployment.ts';
import { preflight } from './preflight.ts';
import { recordIntent } from './recordIntent.ts';

/** The gate calls when the turn has come; this is the safety net, from when that is to be expected. */
const TURN_RECHECK = 60_000;

/** Posts the document, when its turn has come, and tells Airflow's answer. Halts with what stands against it. */
export async function sendDocument(deployment: Deployment): Promise<DeployAttempt> {
  const { pass, connection } = deployment;
  await preflight(deployment);
  const turn = connection.gate.request(pass.key);
  if (turn.kind === 'queued') {
    throw queued(deployment, turn.ahead);
  }
  try {
    return await post(deployment, turn.permit);
  } catch (error) {
    throw error instanceof AirflowError ? refused(deployment, error) : error;
  } finally {
    turn.permit.finish(undefined, true);
  }
}

/** Where thousands wait, looking at each of them every minute would leave no worker for the deploys. */
function queued({ deps, connection }: Deployment, ahead: number): Halt {
  const message = 'Waits for its turn: deploys to this Airflow are paced.';
  const expected = ahead * connection.gate.snapshot().intervalMilliseconds;
  return waiting(
    { type: 'Ready', reason: 'QueuedForDeploy', message },
    Math.min(deps.settings.resync, expected + TURN_RECHECK),
  );
}

async function post(deployment: Deployment, permit: DeployPermit): Promise<DeployAttempt> {
  const { deps, pass, connection, rendered } = deployment;
  const time = toKubernetesTime(deps.clock());
  noteDeployed(deployment, time);
  await recordIntent(pass, 'Is on its way to Airflow.');
  await call(deployment, permit);
  connection.findings.deployFault = undefined;
  pass.judge(AWAITING_REGISTRATION);
  return { delivery: 'ManagedAPI', hash: rendered.hash, time: Date.parse(time), state: 'accepted' };
}

/** Tells the gate how Airflow alone has coped, whatever else is slow or fails. */
async function call({ deps, pass, connection, rendered }: Deployment, permit: DeployPermit): Promise<void> {
  const started = deps.clock();
  try {
    await connection.airflow.deploy(rendered.deployBody, pass.signal);
    permit.finish(deps.clock() - started, true);
  } catch (error) {
    permit.finish(undefined, error instanceof AirflowError && isDocumentFault(error));
    throw error;
  }
}

/** Faults of the installation belong on the client's status, too. */
function refused({ deps, client, connection }: Deployment, error: AirflowError): Halt {
  if (isInstallationFault(error)) {
    connection.findings.deployFault = { kind: error.kind, message: error.message };
  }
  deps.reportFault(keyOf(client));
  return haltOfDeploy(error);
}
