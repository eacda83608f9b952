import { z } from 'zod';

import { textOf } from './fields.ts';
import { DATA_KEY, OBJECT_NAME } from './grammars.ts';
import { rules } from './rule.ts';

/** A value in a Secret, spelt as in OpenMetadata's Helm values. */
export const SecretReference = z.object({
  secretRef: textOf(OBJECT_NAME, 'Name of the Secret, in the namespace of this object.'),
  secretKey: textOf(DATA_KEY, 'Key within the Secret.'),
});

export type SecretReference = z.infer<typeof SecretReference>;

/** A value in a Secret, spelt as in Kubernetes. */
export const SecretKeyReference = z.object({
  name: textOf(OBJECT_NAME, 'Name of the Secret, in the namespace of this object.'),
  key: textOf(DATA_KEY, 'Key within the Secret.'),
});

export type SecretKeyReference = z.infer<typeof SecretKeyReference>;

/** A certificate in a Secret or, as it is no secret, in a ConfigMap. */
export const CertificateReference = z
  .object({
    secretRef: textOf(
      OBJECT_NAME,
      'Name of a Secret, in the namespace of this object; goes with secretKey. Exactly one of secretRef and configMapRef is needed.',
    ).optional(),
    secretKey: textOf(
      DATA_KEY,
      'Key within the Secret. Default: none, and then secretRef may not be set.',
    ).optional(),
    configMapRef: textOf(
      OBJECT_NAME,
      'Name of a ConfigMap, in the namespace of this object; goes with configMapKey. Exactly one of secretRef and configMapRef is needed.',
    ).optional(),
    configMapKey: textOf(
      DATA_KEY,
      'Key within the ConfigMap. Default: none, and then configMapRef may not be set.',
    ).optional(),
  })
  .meta(
    rules(
      {
        rule: 'has(self.secretRef) != has(self.configMapRef)',
        message: 'name either a Secret (secretRef, secretKey) or a ConfigMap (configMapRef, configMapKey)',
      },
      {
        rule: 'has(self.secretRef) == has(self.secretKey) && has(self.configMapRef) == has(self.configMapKey)',
        message: 'secretRef goes with secretKey, and configMapRef with configMapKey: set both of a pair',
      },
    ),
  );

export type CertificateReference = z.infer<typeof CertificateReference>;
