import { beforeEach, expect, test } from 'vitest';

import { SecretValue } from '../domain/secretValue.ts';
import { KubeError } from './kubeError.ts';
import { createSecretCache } from './secretCache.ts';
import type { Secret } from './secrets.ts';

let now: number;
let reads: number;
/** What the API server holds: a version, or how reading fails. */
let stored: 'v1' | 'v2' | 'notFound' | 'unavailable';

beforeEach(() => {
  now = 1_000_000;
  reads = 0;
  stored = 'v1';
});

async function readSecret(): Promise<Secret> {
  reads += 1;
  if (stored === 'notFound' || stored === 'unavailable') {
    throw new KubeError(stored, 'GET');
  }
  return { resourceVersion: stored, data: new Map([['token', new SecretValue(stored)]]) };
}

function newCache(): ReturnType<typeof createSecretCache> {
  return createSecretCache({ readSecret, clock: () => now });
}

test('a secret is read once a minute, however often it is asked for', async () => {
  const cache = newCache();

  await cache.get('ns', 'a');
  stored = 'v2';
  now += 59_999;
  expect((await cache.get('ns', 'a')).resourceVersion).toBe('v1');
  now += 1;
  expect((await cache.get('ns', 'a')).resourceVersion).toBe('v2');

  expect(reads).toBe(2);
});

test('those who ask at the same time share one read', async () => {
  const cache = newCache();

  const secrets = await Promise.all([cache.get('ns', 'a'), cache.get('ns', 'a'), cache.get('ns', 'a')]);

  expect(reads).toBe(1);
  expect(new Set(secrets).size).toBe(1);
});

test('an unchanged secret stays the same object', async () => {
  const cache = newCache();

  const before = await cache.get('ns', 'a');
  now += 60_000;

  expect(await cache.get('ns', 'a')).toBe(before);
  expect(reads).toBe(2);
});

test('a missing secret is remembered for a few seconds only', async () => {
  stored = 'notFound';
  const cache = newCache();

  await expect(cache.get('ns', 'a')).rejects.toMatchObject({ kind: 'notFound' });
  stored = 'v1';
  now += 4_999;
  await expect(cache.get('ns', 'a')).rejects.toMatchObject({ kind: 'notFound' });
  expect(reads).toBe(1);
  now += 1;

  await expect(cache.get('ns', 'a')).resolves.toMatchObject({ resourceVersion: 'v1' });
});

test('another failure is not remembered, and the last value can still be had', async () => {
  const cache = newCache();
  await cache.get('ns', 'a');
  now += 60_000;

  stored = 'unavailable';
  await expect(cache.get('ns', 'a')).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(cache.get('ns', 'a')).rejects.toMatchObject({ kind: 'unavailable' });
  expect(reads).toBe(3);

  expect(cache.lastKnown('ns', 'a')).toMatchObject({ secret: { resourceVersion: 'v1' }, age: 60_000 });
  expect(cache.lastKnown('ns', 'b')).toBeUndefined();
});

test('the last value of a deleted secret can still be had', async () => {
  const cache = newCache();
  await cache.get('ns', 'a');
  now += 60_000;

  stored = 'notFound';
  await expect(cache.get('ns', 'a')).rejects.toMatchObject({ kind: 'notFound' });

  expect(cache.lastKnown('ns', 'a')?.secret.resourceVersion).toBe('v1');
});

test('after an invalidation it is read anew, even while a read is under way', async () => {
  const cache = newCache();

  const before = cache.get('ns', 'a');
  cache.invalidate('ns', 'a');
  stored = 'v2';
  const after = cache.get('ns', 'a');

  expect((await before).resourceVersion).toBe('v1');
  expect((await after).resourceVersion).toBe('v2');
  expect((await cache.get('ns', 'a')).resourceVersion).toBe('v2');
  expect(reads).toBe(2);
});

test('a read that an invalidation has overtaken is not remembered', async () => {
  const cache = newCache();

  const before = cache.get('ns', 'a');
  cache.invalidate('ns', 'a');
  await before;
  stored = 'v2';

  expect((await cache.get('ns', 'a')).resourceVersion).toBe('v2');
});

test('no more than so many are remembered, those used last', async () => {
  const cache = createSecretCache({ readSecret, clock: () => now, maxEntries: 2 });

  await cache.get('ns', 'a');
  await cache.get('ns', 'b');
  await cache.get('ns', 'a');
  await cache.get('ns', 'c');
  await cache.get('ns', 'a');
  expect(reads).toBe(3);
  await cache.get('ns', 'b');

  expect(reads).toBe(4);
});
