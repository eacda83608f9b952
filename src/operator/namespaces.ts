import { setTimeout as delay } from 'node:timers/promises';
import { readNamespace } from '../kube/namespaces.ts';
import { createNamespaceWatcher } from '../reconcilers/shared/namespaceWatcher.ts';
import type { OperatorOptions } from './options.ts';
import type { World } from './world.ts';

const PERIOD = 30_000;

/** Looks at the labels of namespaces again and again, and calls the pipelines that they concern, until the signal is aborted. */
export async function watchNamespacesForever(
  { kubeConfig, log }: OperatorOptions,
  { caches, index, queues }: World,
  signal: AbortSignal,
): Promise<void> {
  const watcher = createNamespaceWatcher({
    pipelines: caches.pipelines,
    clients: caches.clients,
    index,
    readNamespace: (name, stop) => readNamespace(kubeConfig, name, stop),
    call: (key) => queues.pipelines.queue.add(key, 'low'),
    log,
  });
  while (!signal.aborted) {
    await delay(PERIOD, undefined, { signal }).catch(() => {});
    await watcher.refresh(signal);
  }
}
