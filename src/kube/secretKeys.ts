import type { SecretValue } from '../domain/secretValue.ts';
import { createKeyPatches, type DataKey } from './keyPatches.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';

export interface SecretEntry extends DataKey {
  readonly value: SecretValue;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Writes single keys of Secrets shared with other writers; see {@link createKeyPatches}. Failures are KubeErrors,
 * `forbidden` among them: the operator may write Secrets only where it was allowed to.
 */
export interface SecretKeys {
  /** Sets one key and the labels; makes the Secret if there is none. */
  applyKey(entry: SecretEntry, signal?: AbortSignal): Promise<void>;
  /** Takes one key away, if it is there. */
  removeKey(key: DataKey, signal?: AbortSignal): Promise<void>;
}

export function createSecretKeys(kubeConfig: PooledKubeConfig): SecretKeys {
  const patches = createKeyPatches(kubeConfig, { kind: 'Secret', collection: '/api/v1/secrets' });
  return {
    applyKey: ({ value, ...entry }, signal) =>
      patches.apply({ ...entry, value: Buffer.from(value.reveal()).toString('base64') }, signal),
    removeKey: patches.remove,
  };
}
