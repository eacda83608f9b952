import { AirflowError } from '../../airflow/airflowError.ts';
import type { RunSummary } from '../../api/ingestionPipeline.ts';
import { redact } from '../../domain/redaction.ts';
import { excerptOfFailure } from '../../domain/taskLog.ts';
import { taskIdOf } from '../../domain/taskId.ts';
import { secretsOf } from '../shared/clientCredentials.ts';
import type { Connection } from '../shared/connection.ts';
import { MissingReference } from '../shared/secretSource.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';
import { resolveValues } from './resolveValues.ts';

/** Kubernetes takes 1 kB of text for an event; the sentence before the log needs some of it. */
const LOG_BYTES = 800;
const SEE_AIRFLOW = 'See the log of its task in Airflow.';

export interface FailedRun {
  readonly run: RunSummary;
  /** The plugin hands out the log of the newest run only. */
  readonly isNewest: boolean;
}

/** Tells of a run that failed, with what its task's log says about it, secrets masked. */
export async function announceFailedRun(
  deps: PipelineDependencies,
  pass: Pass,
  connection: Connection,
  { run, isNewest }: FailedRun,
): Promise<void> {
  const more = isNewest ? await describeLog(deps, pass, connection) : SEE_AIRFLOW;
  pass.announce('Warning', 'Failed', `Run ${run.runId} failed at ${run.endTime}. ${more}`);
}

async function describeLog(deps: PipelineDependencies, pass: Pass, connection: Connection): Promise<string> {
  try {
    const values = await resolveValues(deps, pass);
    const taskId = taskIdOf(pass.pipeline.spec.pipelineType);
    const log = await connection.airflow.lastLog(pass.dagId, taskId, pass.signal);
    const secrets = [...values.map(({ value }) => value), ...secretsOf(connection.credentials)];
    const excerpt = excerptOfFailure(redact(log, secrets), LOG_BYTES);
    return excerpt === '' ? `Its task ${taskId} has left no log.` : `Its log says:\n${excerpt}`;
  } catch (error) {
    if (error instanceof AirflowError) {
      return `Its log could not be read: ${error.message}`;
    }
    if (error instanceof MissingReference) {
      return `${SEE_AIRFLOW} It is not shown here, because a Secret to be masked in it is gone.`;
    }
    throw error;
  }
}
