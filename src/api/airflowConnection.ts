import { z } from 'zod';

import { text } from './fields.ts';
import { rules } from './rule.ts';
import { CertificateReference, SecretReference } from './secretKeyReference.ts';

/** How to treat TLS, in OpenMetadata's words. */
export const verifySSLModes = ['no-ssl', 'ignore', 'validate'] as const;

export const SSLConfig = z
  .object({
    caCertificate: CertificateReference.meta({
      description:
        'Certificates (PEM) of the authorities to trust. Default: those that the system of the operator trusts.',
    }).optional(),
    clientCertificate: SecretReference.meta({
      description: 'Certificate (PEM) that the operator shows; needs clientKey. Default: none.',
    }).optional(),
    clientKey: SecretReference.meta({
      description: 'Private key (PEM) of clientCertificate. Default: none.',
    }).optional(),
  })
  .meta(
    rules({
      rule: 'has(self.clientCertificate) == has(self.clientKey)',
      message: 'clientCertificate and clientKey go together: set both or neither',
    }),
  );

export type SSLConfig = z.infer<typeof SSLConfig>;

export const AirflowAuth = z
  .object({
    username: text(256, 'User of Airflow. Exactly one of username and usernameFrom is needed.')
      .min(1)
      .optional(),
    usernameFrom: SecretReference.meta({
      description: 'Where the user name is. Exactly one of username and usernameFrom is needed.',
    }).optional(),
    password: SecretReference.meta({ description: 'Where the password is.' }),
  })
  .meta(
    rules({
      rule: 'has(self.username) != has(self.usernameFrom)',
      message: 'set exactly one of username and usernameFrom',
    }),
  );

export type AirflowAuth = z.infer<typeof AirflowAuth>;
