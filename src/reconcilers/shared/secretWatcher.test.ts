import { describe, expect, it } from 'vitest';
import { KubeError } from '../../kube/kubeError.ts';
import { createSecretCache, type SecretCache } from '../../kube/secretCache.ts';
import { linesLogger } from '../../kube/testing/linesLogger.ts';
import { createConfigShelf, type ConfigShelf } from '../testing/configShelf.ts';
import { refreshSecrets } from './secretWatcher.ts';

interface Bench {
  readonly shelf: ConfigShelf;
  readonly cache: SecretCache;
  readonly log: ReturnType<typeof linesLogger>;
  /** Who is called by one refresh. */
  refresh(signal?: AbortSignal): Promise<string[]>;
}

async function createBench(): Promise<Bench> {
  const shelf = createConfigShelf();
  const log = linesLogger();
  shelf.setSecret('ns/a', { key: '1' });
  const cache = createSecretCache({
    readSecret: (namespace, name) => shelf.reader.readSecret(namespace, name),
    clock: () => 0,
  });
  await cache.get('ns', 'a');
  return {
    shelf,
    cache,
    log,
    async refresh(signal = new AbortController().signal) {
      const called: string[] = [];
      const users = new Map([['ns/a', [() => called.push('first'), () => called.push('second')]]]);
      await refreshSecrets({ cache, users: () => users, log }, signal);
      return called;
    },
  };
}

describe('the refresh of secrets', () => {
  it('calls nobody while nothing changes', async () => {
    const { refresh } = await createBench();

    expect(await refresh()).toEqual([]);
    expect(await refresh()).toEqual([]);
  });

  it('calls all users of a Secret that has changed, once', async () => {
    const { shelf, cache, refresh } = await createBench();
    shelf.setSecret('ns/a', { key: '2' });

    expect(await refresh()).toEqual(['first', 'second']);
    expect((await cache.get('ns', 'a')).data.get('key')?.reveal()).toBe('2');
    expect(await refresh()).toEqual([]);
  });

  it('calls the users of a Secret that has gone, and that has come back', async () => {
    const { shelf, refresh } = await createBench();
    shelf.removeSecret('ns/a');

    expect(await refresh()).toEqual(['first', 'second']);

    shelf.setSecret('ns/a', { key: '1' });

    expect(await refresh()).toEqual(['first', 'second']);
  });

  it('calls nobody where a Secret cannot be read for now, and says so without its contents', async () => {
    const { shelf, log, refresh } = await createBench();
    shelf.refuseSecret('ns/a', new KubeError('unavailable', 'GET'));

    expect(await refresh()).toEqual([]);
    expect(log.lines).toEqual([
      {
        level: 'warn',
        fields: { secret: 'ns/a', kind: 'unavailable' },
        message: 'secret could not be refreshed',
      },
    ]);
  });

  it('ends with its signal', async () => {
    const { shelf, refresh } = await createBench();
    shelf.setSecret('ns/a', { key: '2' });

    expect(await refresh(AbortSignal.abort())).toEqual([]);
  });
});
