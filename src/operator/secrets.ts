import { setTimeout as delay } from 'node:timers/promises';
import { createSecretCache } from '../kube/secretCache.ts';
import { createSecretReader } from '../kube/secrets.ts';
import type { Connections } from '../reconcilers/shared/connections.ts';
import { secretUsers } from '../reconcilers/shared/secretUsers.ts';
import { createSecretSource, type SecretSource } from '../reconcilers/shared/secretSource.ts';
import { refreshSecrets } from '../reconcilers/shared/secretWatcher.ts';
import type { OperatorOptions } from './options.ts';
import type { World } from './world.ts';

export interface Secrets {
  readonly source: SecretSource;
  /** Reads the Secrets in use again and again, and calls those whose Secret has changed, until the signal is aborted. */
  refreshForever(world: World, connections: Connections, signal: AbortSignal): Promise<void>;
}

export function createSecrets({ kubeConfig, settings, clock, log }: OperatorOptions): Secrets {
  const period = settings['secret-refresh-seconds'] * 1000;
  const reader = createSecretReader(kubeConfig);
  const cache = createSecretCache({
    readSecret: (namespace, name) => reader.readSecret(namespace, name),
    clock,
    maxAge: period,
  });
  return {
    source: createSecretSource(cache, reader),
    async refreshForever({ caches, queues }, connections, signal) {
      const users = {
        pipeline: (key: string) => queues.pipelines.queue.add(key),
        client: (key: string) => {
          connections.suspect(key);
          queues.clients.queue.add(key);
        },
      };
      while (!signal.aborted) {
        await delay(period, undefined, { signal }).catch(() => {});
        await refreshSecrets({ cache, users: () => secretUsers(caches, users), log }, signal);
      }
    },
  };
}
