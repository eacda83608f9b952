import { describe, expect, it } from 'vitest';
import { KubeError } from '../../kube/kubeError.ts';
import { createSecretCache } from '../../kube/secretCache.ts';
import { createConfigShelf } from '../testing/configShelf.ts';
import { createSecretSource, MissingReference, type SecretSource } from './secretSource.ts';

const shelf = createConfigShelf();
shelf.setSecret('ns/there', { key: 'planted' });
shelf.refuseSecret('ns/forbidden', new KubeError('forbidden', 'GET'));
shelf.refuseSecret('ns/unavailable', new KubeError('unavailable', 'GET'));
shelf.texts.set('ns/authorities', { 'ca.crt': 'PEM' });

function createSource(): SecretSource {
  const cache = createSecretCache({
    readSecret: (namespace, name) => shelf.reader.readSecret(namespace, name),
    clock: () => 0,
  });
  return createSecretSource(cache, shelf.reader);
}

describe('the source of secrets', () => {
  it('gives the value, wrapped', async () => {
    const value = await createSource().secret('ns', { name: 'there', key: 'key' }, 'spec.auth.password');

    expect(value.reveal()).toBe('planted');
    expect(String(value)).not.toContain('planted');
  });

  it.each([
    [
      'does not exist',
      { name: 'none', key: 'key' },
      'SecretNotFound',
      'Secret ns/none, which spec.auth.password refers to, does not exist: create it, or correct the reference.',
    ],
    [
      'lacks the key',
      { name: 'there', key: 'other' },
      'SecretKeyNotFound',
      'Secret ns/there has no key "other", which spec.auth.password refers to: add the key, or correct the reference.',
    ],
    [
      'may not be read',
      { name: 'forbidden', key: 'key' },
      'SecretNotFound',
      'The operator may not read Secret ns/forbidden, which spec.auth.password refers to: grant its service account "get" on it.',
    ],
  ])('names field and remedy of a Secret that %s', async (_, reference, kind, message) => {
    const failure = createSource().secret('ns', reference, 'spec.auth.password');

    await expect(failure).rejects.toThrow(MissingReference);
    await expect(failure).rejects.toMatchObject({ kind, field: 'spec.auth.password', message });
  });

  it('leaves it to the API server when that cannot be asked', async () => {
    const failure = createSource().secret('ns', { name: 'unavailable', key: 'key' }, 'spec.auth.password');

    await expect(failure).rejects.toMatchObject({ name: 'KubeError', kind: 'unavailable' });
  });

  it.each([
    ['a Secret', { secretRef: 'there', secretKey: 'key' }, 'planted'],
    ['a ConfigMap', { configMapRef: 'authorities', configMapKey: 'ca.crt' }, 'PEM'],
  ])('takes a certificate from %s', async (_, reference, expected) => {
    expect(await createSource().certificate('ns', reference, 'spec.sslConfig.caCertificate')).toBe(expected);
  });

  it.each([
    ['does not exist', { configMapRef: 'none', configMapKey: 'a' }, 'SecretNotFound', 'ConfigMap ns/none,'],
    [
      'lacks the key',
      { configMapRef: 'authorities', configMapKey: 'a' },
      'SecretKeyNotFound',
      'ConfigMap ns/authorities has no key "a"',
    ],
  ])('names a ConfigMap that %s', async (_, reference, kind, hint) => {
    const failure = createSource().certificate('ns', reference, 'spec.sslConfig.caCertificate');

    await expect(failure).rejects.toMatchObject({ kind, message: expect.stringContaining(hint) });
  });
});
