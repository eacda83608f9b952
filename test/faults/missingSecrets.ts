import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';
import type { ClientConditionType } from '../../src/api/conditionTypes.ts';
import { secretManifest } from '../harness/manifests.ts';
import type { ClientCase } from './case.ts';
import { namespace, USERNAME } from './faultWorld.ts';

interface Reference {
  readonly secretRef: string;
  readonly secretKey: string;
}

interface Use {
  readonly what: string;
  readonly field: string;
  readonly type: ClientConditionType;
  readonly refer: (reference: Reference) => Partial<PipelineServiceClientSpec>;
}

const uses: readonly Use[] = [
  {
    what: 'password',
    field: 'spec.auth.password',
    type: 'Authenticated',
    refer: (reference) => ({ auth: { username: USERNAME, password: reference } }),
  },
  {
    what: 'token',
    field: 'spec.openMetadata.jwtToken',
    type: 'OpenMetadataReachable',
    refer: (reference) => ({ openMetadata: { jwtToken: reference } }),
  },
  {
    what: 'authority',
    field: 'spec.sslConfig.caCertificate',
    type: 'Reachable',
    refer: (reference) => ({ verifySSL: 'validate', sslConfig: { caCertificate: reference } }),
  },
];

/** A Secret, a ConfigMap, or a key in it is not there. */
export const missingSecrets: readonly ClientCase[] = [
  ...uses.flatMap((use) => [withoutSecret(use), withoutKey(use)]),
  {
    name: 'no-configmap',
    situation: 'the ConfigMap with the authority does not exist',
    arrange: () => ({
      spec: { sslConfig: { caCertificate: { configMapRef: 'no-configmap', configMapKey: 'ca.crt' } } },
    }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'SecretNotFound',
      message:
        /ConfigMap faults\/no-configmap, which spec\.sslConfig\.caCertificate refers to.*create it, or/,
    },
  },
];

function withoutSecret({ what, field, type, refer }: Use): ClientCase {
  const name = `no-${what}-secret`;
  return {
    name,
    situation: `the Secret with the ${what} does not exist`,
    arrange: ({ cluster, password, token, tls }) => ({
      spec: refer({ secretRef: name, secretKey: 'value' }),
      mend: () => {
        const values: Readonly<Record<string, string>> = { password, token, authority: tls.authority };
        return cluster.apply(secretManifest({ namespace, name }, { value: values[what] ?? '' }));
      },
    }),
    finding: {
      type,
      status: 'False',
      reason: 'SecretNotFound',
      message: new RegExp(`Secret faults/${name}, which ${field} refers to, does not exist: create it, or`),
    },
  };
}

function withoutKey({ what, field, type, refer }: Use): ClientCase {
  return {
    name: `no-${what}-key`,
    situation: `the Secret lacks the key of the ${what}`,
    arrange: () => ({ spec: refer({ secretRef: 'credentials', secretKey: 'absent' }) }),
    finding: {
      type,
      status: 'False',
      reason: 'SecretKeyNotFound',
      message: new RegExp(
        `Secret faults/credentials has no key "absent", which ${field} refers to: add the key, or`,
      ),
    },
  };
}
