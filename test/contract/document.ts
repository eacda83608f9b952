import { randomUUID } from 'node:crypto';
import type { Airflow } from '../../src/airflow/airflow.ts';
import type { Dag } from '../../src/domain/dag.ts';
import { patiently, type Subject } from './subject.ts';

/** A document that every supported plugin takes; `changes` replaces members of its top level. */
export function documentFor(
  subject: Subject,
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
): string {
  const { service } = subject;
  return JSON.stringify({
    id: randomUUID(),
    name,
    displayName: name,
    fullyQualifiedName: `${service.name}.${name}`,
    pipelineType: 'metadata',
    updatedAt: Date.now(),
    service: { id: service.id, type: 'databaseService', name: service.name },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
    airflowConfig: { pausePipeline: true },
    openMetadataServerConnection: {
      hostPort: subject.openMetadata.url,
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: subject.token },
      secretsManagerProvider: 'db',
      secretsManagerLoader: 'noop',
      verifySSL: 'no-ssl',
    },
    ...changes,
  });
}

/** A DAG id that no other case uses. */
export function newName(purpose: string): string {
  return `contract_${purpose}_${randomUUID().slice(0, 8)}`;
}

/** Waits until Airflow knows the DAG, with this description where one is given. */
export async function registered(
  subject: Subject,
  airflow: Airflow,
  dagId: string,
  description?: string,
): Promise<Dag> {
  return await patiently(subject, async () => {
    const dag = await airflow.getDag(dagId, new AbortController().signal);
    if (!dag || (description !== undefined && dag.description !== description)) {
      throw new Error(`Airflow does not know ${dagId} as wanted yet`);
    }
    return dag;
  });
}

/** Deploys a pipeline of a new name and waits until Airflow knows it; paused. */
export async function deployed(subject: Subject, airflow: Airflow, purpose: string): Promise<string> {
  const dagId = newName(purpose);
  await airflow.deploy(documentFor(subject, dagId), new AbortController().signal);
  await registered(subject, airflow, dagId);
  return dagId;
}

/** Triggers as soon as Airflow can: it refuses while it has not parsed the file. */
export async function triggered(subject: Subject, airflow: Airflow, dagId: string): Promise<string> {
  const runId = randomUUID();
  await patiently(subject, () => airflow.trigger(dagId, runId, new AbortController().signal));
  return runId;
}
