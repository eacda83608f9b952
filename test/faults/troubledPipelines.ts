import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineConditionType } from '../../src/api/conditionTypes.ts';
import type { Finding } from './case.ts';
import { type FaultWorld, HEALTHY, namespace } from './faultWorld.ts';
import { breakDag, editByHand } from './handMade.ts';
import { expectOfClient } from './proveCases.ts';

/** What befalls a pipeline that was Ready, and what its status has to say then. */
export interface Trouble {
  /** Of the pipeline. */
  readonly name: string;
  readonly situation: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Brings the trouble about; the answer ends it, and the pipeline has to become Ready again then. */
  readonly cause: (world: FaultWorld) => Promise<() => Promise<void>>;
  readonly finding: Finding<PipelineConditionType>;
}

/** One after another, as some of them concern all that is deployed at the time. */
export const troubles: readonly Trouble[] = [
  {
    name: 'paused-by-hand',
    situation: 'somebody pauses the DAG, and the policy is to warn',
    spec: { driftPolicy: 'Warn' },
    async cause({ real }) {
      await real.subject.pauseByHand(`${namespace}_paused-by-hand`, true);
      return () => real.subject.pauseByHand(`${namespace}_paused-by-hand`, false);
    },
    finding: {
      type: 'Enabled',
      status: 'False',
      reason: 'DriftDetected',
      message: /The DAG was paused by somebody else and stays so/,
    },
  },
  {
    name: 'edited-by-hand',
    situation: 'somebody deploys another configuration of the DAG, and the policy is to warn',
    spec: { driftPolicy: 'Warn' },
    async cause(world) {
      await editByHand(world, `${namespace}_edited-by-hand`);
      return () => correct(world, 'edited-by-hand');
    },
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'DriftDetected',
      message: /It stays so because spec\.driftPolicy is Warn/,
    },
  },
  {
    name: 'import-error',
    situation: 'Airflow cannot import the DAG any more, and the policy is to warn',
    spec: { driftPolicy: 'Warn' },
    cause: (world) =>
      breakDag(world, `${namespace}_import-error`, `no module, and ${world.token} in the text`),
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'DagImportError',
      message:
        /Airflow cannot import DAG faults_import-error: .*RuntimeError: no module, and \[redacted\] in the text/s,
    },
  },
  {
    name: 'read-only',
    situation: 'the directory of the plugin becomes read-only, which the next deploy brings to light',
    async cause(world) {
      await setModes(world, 'read-only', { directory: 0o555, file: 0o444 });
      await patch(world, 'read-only', { description: 'Changed.' });
      return () => setModes(world, 'read-only', { directory: 0o755, file: 0o644 });
    },
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'ConfigsDirectoryReadOnly',
      message:
        /the plugin cannot write its files\. DAG_GENERATED_CONFIGS and the DAGs folder must exist, be writable/,
    },
  },
];

/** The client tells the fault of the installation, too, for as long as it lasts. */
export async function expectMounted(world: FaultWorld, mounted: boolean): Promise<void> {
  await expectOfClient(
    world,
    HEALTHY,
    mounted
      ? { type: 'Mounted', status: 'True', reason: 'MountNotNeeded', message: /./ }
      : {
          type: 'Mounted',
          status: 'False',
          reason: 'ConfigsDirectoryReadOnly',
          message: /the plugin cannot write its files/,
        },
  );
}

async function setModes(
  { airflow: { generatedConfigs } }: FaultWorld,
  name: string,
  modes: { readonly directory: number; readonly file: number },
): Promise<void> {
  await chmod(join(generatedConfigs, `${namespace}_${name}.json`), modes.file);
  await chmod(generatedConfigs, modes.directory);
}

async function correct(world: FaultWorld, name: string): Promise<void> {
  await patch(world, name, { driftPolicy: 'Correct' });
}

async function patch({ cluster }: FaultWorld, name: string, spec: object): Promise<void> {
  const change = JSON.stringify({ spec });
  await cluster.kubectl('patch', 'ingestionpipeline', '-n', namespace, name, '--type=merge', '-p', change);
}
