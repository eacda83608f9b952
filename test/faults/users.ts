import { completeRole, createRole, dagPermissions, type DagPermission } from './airflowRoles.ts';
import type { ClientSetting } from './case.ts';
import type { FaultWorld } from './faultWorld.ts';

/** A client with a user of its own, of this name, who has these permissions on DAGs and no other. */
export async function userWith(
  world: FaultWorld,
  name: string,
  permissions: readonly DagPermission[],
): Promise<ClientSetting> {
  const { airflow, secrets } = world;
  const password = secrets.plant(name);
  await createRole(airflow, name, permissions);
  await airflow.createUser(name, password, name);
  return {
    spec: { auth: { username: name, password: { secretRef: name, secretKey: 'password' } } },
    secret: { password },
  };
}

/** A client whose user has all permissions on DAGs but one, mended by granting it; its name is `without-edit`. */
export async function lacking(world: FaultWorld, permission: DagPermission): Promise<ClientSetting> {
  const name = permission.replace('can_', 'without-');
  const others = dagPermissions.filter((other) => other !== permission);
  return {
    ...(await userWith(world, name, others)),
    mend: () => completeRole(world.airflow, name),
  };
}
