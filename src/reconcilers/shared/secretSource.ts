import type { CertificateReference } from '../../api/secretKeyReference.ts';
import type { SecretValue } from '../../domain/secretValue.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import type { SecretCache } from '../../kube/secretCache.ts';
import type { SecretReader } from '../../kube/secrets.ts';

/** A Secret or ConfigMap that a resource refers to is not there, or lacks the key. The message names the remedy. */
export class MissingReference extends Error {
  readonly kind: 'SecretNotFound' | 'SecretKeyNotFound';
  /** The field that refers to it, e.g. `spec.auth.password`. */
  readonly field: string;

  constructor(kind: MissingReference['kind'], field: string, message: string) {
    super(message);
    this.name = 'MissingReference';
    this.kind = kind;
    this.field = field;
  }
}

/** Values behind references. Throws MissingReference, and KubeError where the API server cannot be asked. */
export interface SecretSource {
  secret(namespace: string, reference: { name: string; key: string }, field: string): Promise<SecretValue>;
  certificate(namespace: string, reference: CertificateReference, field: string): Promise<string>;
}

export function createSecretSource(cache: SecretCache, reader: SecretReader): SecretSource {
  const source: SecretSource = {
    async secret(namespace, { name, key }, field) {
      const secret = await orMissing('Secret', namespace, name, field, () => cache.get(namespace, name));
      return secret.data.get(key) ?? throwMissingKey('Secret', namespace, name, key, field);
    },

    async certificate(namespace, reference, field) {
      const { secretRef, secretKey, configMapRef, configMapKey } = reference;
      if (configMapRef === undefined || configMapKey === undefined) {
        const value = await source.secret(namespace, { name: secretRef ?? '', key: secretKey ?? '' }, field);
        return value.reveal();
      }
      const text = await orMissing('ConfigMap', namespace, configMapRef, field, () =>
        reader.readConfigMapKey(namespace, configMapRef, configMapKey),
      );
      return text ?? throwMissingKey('ConfigMap', namespace, configMapRef, configMapKey, field);
    },
  };
  return source;
}

async function orMissing<T>(
  kind: string,
  namespace: string,
  name: string,
  field: string,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isKubeError(error, 'notFound')) {
      throw new MissingReference(
        'SecretNotFound',
        field,
        `${kind} ${namespace}/${name}, which ${field} refers to, does not exist: create it, or correct the reference.`,
      );
    }
    if (isKubeError(error, 'forbidden')) {
      throw new MissingReference(
        'SecretNotFound',
        field,
        `The operator may not read ${kind} ${namespace}/${name}, which ${field} refers to: grant its service account "get" on it.`,
      );
    }
    throw error;
  }
}

function throwMissingKey(kind: string, namespace: string, name: string, key: string, field: string): never {
  throw new MissingReference(
    'SecretKeyNotFound',
    field,
    `${kind} ${namespace}/${name} has no key "${key}", which ${field} refers to: add the key, or correct the reference.`,
  );
}
