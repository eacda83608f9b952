import { z } from 'zod';

import { verifySSLModes } from './airflowConnection.ts';
import { flag, text, textOf } from './fields.ts';
import { ENVIRONMENT_VARIABLE } from './grammars.ts';
import { rules } from './rule.ts';
import { CertificateReference, SecretReference } from './secretKeyReference.ts';

const authProviders = [
  'openmetadata',
  'basic',
  'azure',
  'google',
  'okta',
  'auth0',
  'aws-cognito',
  'custom-oidc',
  'ldap',
  'saml',
] as const;

const secretsManagerProviders = [
  'db',
  'noop',
  'managed-aws',
  'aws',
  'managed-aws-ssm',
  'aws-ssm',
  'managed-azure-kv',
  'azure-kv',
  'in-memory',
  'gcp',
  'kubernetes',
] as const;

/** How runs reach the OpenMetadata server; becomes openMetadataServerConnection of every document. */
export const OpenMetadataConnection = z
  .object({
    clusterName: text(256, 'Name of the OpenMetadata cluster. Default: openmetadata.').min(1).optional(),
    authProvider: z
      .enum(authProviders)
      .meta({
        description: 'Who issued the token; openmetadata for the token of a bot. Default: openmetadata.',
      })
      .optional(),
    jwtToken: SecretReference.meta({
      description:
        'Where the token of the bot is. It is sent to Airflow with each deploy and used for the checks of the operator. Exactly one of jwtToken and jwtTokenEnv is needed.',
    }).optional(),
    jwtTokenEnv: textOf(
      ENVIRONMENT_VARIABLE,
      'Environment variable of Airflow that holds the token; the operator then never sees it. Exactly one of jwtToken and jwtTokenEnv is needed.',
    ).optional(),
    verifySSL: z
      .enum(verifySSLModes)
      .meta({ description: 'How runs treat the certificate of the OpenMetadata server. Default: no-ssl.' })
      .optional(),
    caCertificate: CertificateReference.meta({
      description:
        'Certificates (PEM) of the authorities that signed the certificate of the OpenMetadata server. Default: those that the system trusts.',
    }).optional(),
    secretsManagerProvider: z
      .enum(secretsManagerProviders)
      .meta({ description: 'Where the OpenMetadata server keeps its secrets. Default: db.' })
      .optional(),
    secretsManagerLoader: z
      .enum(['noop', 'airflow', 'env'])
      .meta({ description: 'Where a run finds the credentials of that secrets manager. Default: noop.' })
      .optional(),
    register: flag(
      'Whether pipelines are shown in OpenMetadata with their schedules: each as an ingestion pipeline of its service, without secrets. Needs jwtToken. Default: false.',
    ).optional(),
  })
  .meta(
    rules(
      {
        rule: 'has(self.jwtToken) != has(self.jwtTokenEnv)',
        message: 'set exactly one of jwtToken and jwtTokenEnv',
      },
      {
        rule: '!has(self.register) || !self.register || has(self.jwtToken)',
        message: 'register needs jwtToken: the operator itself then writes to OpenMetadata',
        fieldPath: '.register',
      },
    ),
  );

export type OpenMetadataConnection = z.infer<typeof OpenMetadataConnection>;
