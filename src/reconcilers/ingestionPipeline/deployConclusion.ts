import { toKubernetesTime, type Verdict } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import type { DeployDecision } from '../../domain/deployDecision.ts';
import type { Owner } from '../../domain/mark.ts';
import { redact } from '../../domain/redaction.ts';
import type { PipelineConditionType } from '../../api/conditionTypes.ts';
import { failed, stalled, waiting, type Halt } from '../shared/halt.ts';
import { deliveryOf, noteDeployed, type Deployment } from './deployment.ts';

const RECHECK = 60_000;
const VERIFY_AFTER = 2_000;
const IMPORT_ERROR_LENGTH = 500;

export const AWAITING_REGISTRATION: Verdict<PipelineConditionType> = {
  type: 'Deployed',
  status: 'Unknown',
  reason: 'AwaitingRegistration',
  message: 'Airflow has accepted the deploy; its scheduler has not registered the DAG yet.',
};

/** Says nothing of Deployed, so that a DAG that does not come back is still known to have been there. */
const AWAITING_RECOVERY: Verdict<PipelineConditionType> = {
  type: 'Ready',
  status: 'Unknown',
  reason: 'AwaitingRegistration',
  message:
    'Airflow has just come back and does not show the DAG yet. If it stays away, it is deployed again.',
};

/** Turns what Airflow knows into the condition Deployed: returns the view where all is well, halts otherwise. */
export function concludeDeploy(deployment: Deployment, decision: DeployDecision, view: DagView): DagView {
  const { deps, pass, rendered } = deployment;
  const { dagId } = pass;
  switch (decision.kind) {
    case 'upToDate':
      rememberDeploy(deployment);
      pass.judge({
        type: 'Deployed',
        status: 'True',
        reason: 'Deployed',
        message: `DAG ${dagId} runs configuration ${rendered.hash.slice(0, 12)}.`,
      });
      return view;
    case 'awaitRegistration': {
      const waited = deps.clock() - (decision.until - deps.settings.deployTiming.registration);
      throw waiting(AWAITING_REGISTRATION, Math.min(15_000, Math.max(1_000, waited / 4)));
    }
    case 'awaitRecovery':
      throw waiting(AWAITING_RECOVERY, Math.min(RECHECK, Math.max(1_000, decision.until - deps.clock())));
    case 'deploy':
    case 'verify':
      throw waiting(
        {
          type: 'Deployed',
          reason: 'UnknownOutcome',
          message:
            'Whether Airflow took the last deploy is not known: its trace is looked for before it is repeated.',
        },
        VERIFY_AFTER,
      );
    case 'registrationTimedOut':
      throw failed({
        type: 'Deployed',
        reason: 'RegistrationTimeout',
        message: `Airflow accepted DAG ${dagId}, but its scheduler did not register it in time. See that the scheduler (or DAG processor) runs and shares the DAGs folder with the web server. The deploy will be repeated.`,
      });
    case 'importError':
      throw failed({
        type: 'Deployed',
        reason: 'DagImportError',
        message: `Airflow cannot import DAG ${dagId}: ${redact(decision.message, rendered.secrets).slice(-IMPORT_ERROR_LENGTH)}`,
      });
    case 'dagExists':
    case 'ownedByOther':
      throw strangerFault(dagId, decision);
    default:
      return decision satisfies never;
  }
}

/** The DAG is somebody else's. */
export function strangerFault(
  dagId: string,
  stranger: Extract<DeployDecision, { kind: 'dagExists' | 'ownedByOther' }>,
): Halt {
  const finding =
    stranger.kind === 'dagExists'
      ? ({
          reason: 'DagExists',
          message: `Airflow already has a DAG ${dagId} that this operator did not deploy: set spec.adopt to true to take it over, or create the pipeline anew with another spec.name.`,
        } as const)
      : ({ reason: 'DagIdConflict', message: describeOwner(dagId, stranger.owner) } as const);
  return stalled({ type: 'Deployed', ...finding }, RECHECK);
}

/** A resource restored from a backup finds its DAG by the mark, and its status knows nothing of a deploy. */
function rememberDeploy(deployment: Deployment): void {
  const { deps, pass, client, rendered } = deployment;
  const { deployed } = pass.noted();
  if (
    deployed?.hash !== rendered.hash ||
    deployed.publicHash !== rendered.publicHash ||
    deployed.delivery !== deliveryOf(client)
  ) {
    noteDeployed(
      deployment,
      deployed?.hash === rendered.hash ? deployed.time : toKubernetesTime(deps.clock()),
    );
  }
}

function describeOwner(dagId: string, { ownerId, namespace, name }: Owner): string {
  return (
    `DAG ${dagId} in Airflow belongs to IngestionPipeline ${namespace}/${name} of operator "${ownerId}": ` +
    'set spec.adopt to true to take it over, or create the pipeline anew with another spec.name.'
  );
}
