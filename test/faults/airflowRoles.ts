import { basicAuthorization, postJson } from '../airflow/http.ts';
import type { RunningAirflow } from '../airflow/airflow.ts';

export type DagPermission = 'can_create' | 'can_read' | 'can_edit' | 'can_delete';

export const dagPermissions: readonly DagPermission[] = ['can_create', 'can_read', 'can_edit', 'can_delete'];

/** Makes a role of Airflow 2 with these permissions on DAGs and no other. */
export async function createRole(
  airflow: RunningAirflow,
  name: string,
  permissions: readonly DagPermission[],
): Promise<void> {
  const body = { name, actions: permissions.map(onDags) };
  await postJson(`${airflow.url}/api/v1/roles`, body, { authorization: basicAuthorization(airflow) });
}

/** Gives the role all four of them. */
export async function completeRole(airflow: RunningAirflow, name: string): Promise<void> {
  const answer = await fetch(`${airflow.url}/api/v1/roles/${name}`, {
    method: 'PATCH',
    headers: { authorization: basicAuthorization(airflow), 'content-type': 'application/json' },
    body: JSON.stringify({ name, actions: dagPermissions.map(onDags) }),
  });
  if (!answer.ok) {
    throw new Error(`Airflow answered ${answer.status} to a change of the role ${name}`);
  }
}

function onDags(name: DagPermission): object {
  return { action: { name }, resource: { name: 'DAGs' } };
}
