import { ANNOTATIONS } from '../../src/api/group.ts';
import { DOCUMENT_LABELS } from '../../src/reconcilers/shared/documentPlace.ts';
import type { Parts } from './parts.ts';
import type { Screen } from './screen.ts';
import { example, PIPELINE } from './story.ts';

/** Says where everything is and what to try. */
export function showWhatNext({ kubectl, airflow, operator }: Parts, screen: Screen): void {
  screen.heading('Look further');
  screen.print(`In another terminal:

  export KUBECONFIG=${kubectl.kubeconfig}
  alias kubectl=${kubectl.executable}

  Airflow       ${airflow.url}   user ${airflow.username}, password ${airflow.password}
  operator      ${operator.logFile}
                ${operator.metricsUrl}
`);
  for (const [what, command] of suggestions()) {
    screen.print(`  ${screen.style('dim', `# ${what}`)}\n  kubectl ${command}`);
  }
}

function suggestions(): [what: string, command: string][] {
  const [label = ''] = Object.entries(DOCUMENT_LABELS).slice(1);
  return [
    ['everything that is known about the pipeline', `describe ingestionpipeline ${PIPELINE}`],
    ['what each field means', 'explain ingestionpipeline.spec'],
    [
      'the document that Airflow got, without secrets',
      `get configmap -l ${Array.from(label).join('=')} -o yaml`,
    ],
    ['one more pipeline', `apply -f ${example('profiler.yaml')}`],
    [
      'one more run',
      `annotate ingestionpipeline ${PIPELINE} ${ANNOTATIONS.runRequestedAt}="$(date)" --overwrite`,
    ],
    ['pause it', `patch ingestionpipeline ${PIPELINE} --type=merge -p '{"spec":{"suspend":true}}'`],
    ['remove it, from Airflow too', `delete ingestionpipeline ${PIPELINE}`],
  ];
}
