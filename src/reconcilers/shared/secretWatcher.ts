import type { Logger } from '../../domain/logger.ts';
import { isKubeError } from '../../kube/kubeError.ts';
import type { SecretCache } from '../../kube/secretCache.ts';

export interface SecretWatcherOptions {
  readonly cache: SecretCache;
  /** For each Secret in use (`namespace/name`), the calls to those who use it. */
  readonly users: () => ReadonlyMap<string, readonly (() => void)[]>;
  readonly log: Logger;
}

/**
 * Reads each Secret in use anew and tells those who use it when it has changed, come or gone. The operator may `get`
 * Secrets by name and nothing more, so this takes the place of a watch. Call it once per refresh period.
 */
export async function refreshSecrets(options: SecretWatcherOptions, signal: AbortSignal): Promise<void> {
  for (const [key, calls] of options.users()) {
    if (signal.aborted) {
      return;
    }
    if (await hasChanged(options, key)) {
      calls.forEach((call) => call());
    }
  }
}

async function hasChanged({ cache, log }: SecretWatcherOptions, key: string): Promise<boolean> {
  const [namespace = '', name = ''] = key.split('/');
  const before = cache.lastKnown(namespace, name)?.secret;
  cache.invalidate(namespace, name);
  try {
    return (await cache.get(namespace, name)) !== before;
  } catch (error) {
    if (isKubeError(error, 'notFound')) {
      return before !== undefined;
    }
    log.warn(
      { secret: key, kind: isKubeError(error) ? error.kind : undefined },
      'secret could not be refreshed',
    );
    return false;
  }
}
