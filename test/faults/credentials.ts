import { secretManifest } from '../harness/manifests.ts';
import type { ClientCase } from './case.ts';
import { namespace, USERNAME } from './faultWorld.ts';
import { lacking } from './users.ts';

const refused = {
  type: 'Authenticated',
  status: 'False',
  reason: 'InvalidCredentials',
  message: /it refused the credentials\. Check auth\.username and auth\.password/,
} as const;

/** 401 and 403: what Airflow does not grant. */
export const credentials: readonly ClientCase[] = [
  {
    name: 'wrong-password',
    situation: 'the password is wrong',
    arrange(world) {
      const name = 'wrong-password';
      const { cluster, password, secrets } = world;
      return {
        spec: { auth: { username: USERNAME, password: { secretRef: name, secretKey: 'password' } } },
        secret: { password: secrets.plant('wrong-password') },
        mend: () => cluster.apply(secretManifest({ namespace, name }, { password })),
      };
    },
    finding: refused,
  },
  {
    name: 'unknown-user',
    situation: 'Airflow has no such user',
    arrange: () => ({
      spec: { auth: { username: 'nobody', password: { secretRef: 'credentials', secretKey: 'password' } } },
    }),
    finding: refused,
  },
  ...(['can_create', 'can_read'] as const).map((permission): ClientCase => ({
    name: permission.replace('can_', 'without-'),
    situation: `the user lacks ${permission} on DAGs`,
    arrange: (world) => lacking(world, permission),
    finding: {
      type: 'Authenticated',
      status: 'False',
      reason: 'PermissionDenied',
      message: new RegExp(
        `the user lacks ${permission} on DAGs\\. Give that permission to a role of the user`,
      ),
    },
  })),
];
