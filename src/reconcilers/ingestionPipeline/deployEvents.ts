import type { DeployCause } from '../../domain/deployDecision.ts';
import type { Deployment } from './deployment.ts';

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
    case 'created':
    case 'changed':
    case 'retried':
      return pass.announce('Normal', 'Deployed', `Deployed ${what}.`);
    default:
      return cause satisfies never;
  }
}
