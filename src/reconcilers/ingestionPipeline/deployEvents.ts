import type { DeployCause } from '../../domain/deployDecision.ts';
import type { Deployment } from './deployment.ts';
import type { Pass } from './pass.ts';
import type { Rendered } from './render.ts';

/** What follows from a drift that is only to be reported. */
export const STAYS = 'stays so because spec.driftPolicy is Warn: set it to Correct to have the DAG put back.';

/** What was found in Airflow that nobody had declared. */
export function describeDrift(cause: DeployCause): string {
  switch (cause) {
    case 'missing':
      return 'The DAG is gone from Airflow.';
    case 'broken':
      return 'Airflow could no longer import the DAG.';
    case 'edited':
    case 'adopted':
    case 'created':
    case 'changed':
    case 'retried':
      return 'The DAG in Airflow was changed by somebody else.';
    default:
      return cause satisfies never;
  }
}

export function announceDeploy({ pass, rendered }: Deployment, cause: DeployCause): void {
  const what = `configuration ${rendered.hash.slice(0, 12)} of DAG ${pass.dagId}`;
  switch (cause) {
    case 'missing':
    case 'broken':
    case 'edited':
      return pass.announce('Normal', 'DriftCorrected', `${describeDrift(cause)} Deployed ${what} again.`);
    case 'adopted':
      return pass.announce('Normal', 'Deployed', `Took over the DAG and deployed ${what}.`);
    case 'changed':
      return isRotation(pass, rendered)
        ? pass.announce('Normal', 'SecretRotated', `A secret has changed. Deployed ${what}.`)
        : pass.announce('Normal', 'Deployed', `Deployed ${what}.`);
    case 'created':
    case 'retried':
      return pass.announce('Normal', 'Deployed', `Deployed ${what}.`);
    default:
      return cause satisfies never;
  }
}

/** The same document as before, but for the secrets in it. */
function isRotation({ before }: Pass, { hash, publicHash }: Rendered): boolean {
  return before.deployed?.publicHash === publicHash && before.deployed.hash !== hash;
}
