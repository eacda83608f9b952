import { describe, expect, it } from 'vitest';
import { KubeError } from '../../kube/kubeError.ts';
import { linesLogger } from '../../kube/testing/linesLogger.ts';
import { clientManifest, pipelineManifest } from '../testing/manifests.ts';
import { createWorld } from '../testing/world.ts';
import { createNamespaceWatcher } from './namespaceWatcher.ts';

const bySelector = {
  allowedNamespaces: { from: 'Selector' as const, selector: { matchLabels: { a: 'b' } } },
};

interface Bench {
  readonly labels: Map<string, Record<string, string> | KubeError>;
  readonly read: string[];
  readonly log: ReturnType<typeof linesLogger>;
  /** Who is called by one refresh. */
  refresh(signal?: AbortSignal): Promise<string[]>;
}

function createBench(client: Parameters<typeof clientManifest>[0] = bySelector): Bench {
  const { pipelines, clients, operator } = createWorld();
  clients.create(clientManifest(client));
  pipelines.create(pipelineManifest());
  pipelines.create(pipelineManifest({}, { name: 'customers' }));
  pipelines.create(pipelineManifest({}, { namespace: 'openmetadata' }));
  const labels: Bench['labels'] = new Map([['team-a', { a: 'b' }]]);
  const read: string[] = [];
  const log = linesLogger();
  let called: string[] = [];
  const watcher = createNamespaceWatcher({
    pipelines,
    clients,
    index: operator().index,
    async readNamespace(name) {
      read.push(name);
      const found = labels.get(name);
      if (found instanceof KubeError) {
        throw found;
      }
      return found && { labels: found, terminating: false };
    },
    call: (key) => called.push(key),
    log,
  });
  return {
    labels,
    read,
    log,
    async refresh(signal = new AbortController().signal) {
      called = [];
      await watcher.refresh(signal);
      return called;
    },
  };
}

describe('the look at the labels of namespaces', () => {
  it('calls the pipelines of a namespace whose labels have changed, and reads it once for all of them', async () => {
    const { labels, read, refresh } = createBench();
    await refresh();

    expect(await refresh()).toEqual([]);

    labels.set('team-a', {});

    expect(await refresh()).toEqual(['team-a/orders', 'team-a/customers']);
    expect(await refresh()).toEqual([]);
    expect(read).toEqual(['team-a', 'team-a', 'team-a', 'team-a']);
  });

  it('calls them once at the beginning, as the labels may have changed since they were reconciled', async () => {
    const { refresh } = createBench();

    expect(await refresh()).toEqual(['team-a/orders', 'team-a/customers']);
  });

  it('calls them when the namespace is there again', async () => {
    const { labels, refresh } = createBench();
    labels.delete('team-a');
    await refresh();
    labels.set('team-a', {});

    expect(await refresh()).toEqual(['team-a/orders', 'team-a/customers']);
  });

  it('reads nothing where no client asks for labels', async () => {
    const { read, refresh } = createBench({ allowedNamespaces: { from: 'All' } });

    expect(await refresh()).toEqual([]);
    expect(read).toEqual([]);
  });

  it('calls nobody where a namespace cannot be read for now, and says so', async () => {
    const { labels, log, refresh } = createBench();
    await refresh();
    labels.set('team-a', new KubeError('unavailable', 'GET'));

    expect(await refresh()).toEqual([]);
    expect(log.lines).toEqual([
      {
        level: 'warn',
        fields: { namespace: 'team-a', kind: 'unavailable' },
        message: 'labels of the namespace could not be read',
      },
    ]);

    labels.set('team-a', { a: 'b' });

    expect(await refresh()).toEqual([]);
  });

  it('ends with its signal', async () => {
    const { read, refresh } = createBench();

    expect(await refresh(AbortSignal.abort())).toEqual([]);
    expect(read).toEqual([]);
  });
});
