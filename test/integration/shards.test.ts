import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';
import { SecretValue } from '../../src/domain/secretValue.ts';
import { createConfigMaps } from '../../src/kube/configMaps.ts';
import { loadKubeConfig, type PooledKubeConfig } from '../../src/kube/kubeConfig.ts';
import { createSecretKeys } from '../../src/kube/secretKeys.ts';
import { operatorWrites } from '../harness/auditedWrites.ts';
import { conditionOf } from '../harness/expectations.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { clientManifest, namespaceManifest, pipelineManifest } from '../harness/manifests.ts';
import { everythingPublic } from '../harness/plantedSecrets.ts';
import { readShards } from '../harness/shards.ts';
import type { OperatorProcess } from '../harness/operatorProcess.ts';
import { eventually } from '../support/eventually.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE = { timeoutMs: 20_000, intervalMs: 200 };
const FROM_ENVIRONMENT = { jwtTokenEnv: 'OPENMETADATA_JWT_TOKEN' };
const MIB = 1024 * 1024;

const Data = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
});

let world: FakeWorld;
let operator: OperatorProcess;
let kubeConfig: PooledKubeConfig;

beforeAll(async () => {
  world = await startFakeWorld({ generation: '3.3.0', latencyMilliseconds: 5 });
  operator = await world.cluster.startOperator();
  kubeConfig = loadKubeConfig({ kubeconfig: world.cluster.plane.adminKubeconfig });
});

afterAll(async () => {
  await kubeConfig?.close();
  await world?.stop();
});

/** A namespace with a client whose Airflow mounts documents. */
async function declareClient(
  namespace: string,
  changes: Partial<PipelineServiceClientSpec> = {},
): Promise<void> {
  await world.createNamespace(namespace);
  await changeClient(namespace, changes);
}

async function changeClient(namespace: string, changes: Partial<PipelineServiceClientSpec>): Promise<void> {
  const all = { delivery: 'ConfigMap' as const, openMetadata: FROM_ENVIRONMENT, ...changes };
  await world.cluster.apply(clientManifest({ namespace, name: 'airflow' }, world.servers, all));
}

/** What Airflow sees when it mounts so many shards. */
function mountOf(namespace: string, shards: number, name = 'dag-generated-configs') {
  return readShards(world.cluster.plane, { namespace, name, shards });
}

async function documentsIn(namespace: string, shards: number): Promise<string[]> {
  return [...(await mountOf(namespace, shards)).keys()].filter((key) => key.endsWith('.json')).toSorted();
}

async function get(kind: string, namespace: string, name: string): Promise<z.output<typeof Data>> {
  const text = await world.cluster.kubectl('get', kind, name, `--namespace=${namespace}`, '--output=json');
  return Data.parse(JSON.parse(text));
}

async function expectRendered(key: string, reason: string): Promise<string> {
  return eventually(async () => {
    const pipeline = await world.cluster.pipeline(key);
    const condition = conditionOf(pipeline, 'Rendered');
    expect(condition?.reason).toBe(reason);
    expect(condition?.observedGeneration).toBe(pipeline.metadata.generation);
    return condition?.message ?? '';
  }, PATIENCE);
}

function writesIn(namespace: string): string[] {
  return operatorWrites(world.cluster.plane.auditLog, namespace).filter((line) =>
    /configmaps|secrets/.test(line),
  );
}

test.each(['ConfigMap', 'Secret'] as const)(
  'the API server takes 1 MiB of values in a %s, and not a byte more',
  async (kind) => {
    const name = `limit-${kind.toLowerCase()}`;
    const place = { namespace: 'default', name };
    function put(key: string, text: string): Promise<void> {
      return kind === 'ConfigMap'
        ? createConfigMaps(kubeConfig).applyKey({ ...place, key, value: text })
        : createSecretKeys(kubeConfig).applyKey({ ...place, key, value: new SecretValue(text) });
    }
    await put('a', 'x'.repeat(MIB - 10));
    await put('b', 'x'.repeat(10));
    await expect(put('c', 'x')).rejects.toMatchObject({ kind: 'invalid' });

    expect(Object.keys((await get(kind, 'default', name)).data)).toEqual(['a', 'b']);
  },
);

describe.concurrent('documents that Airflow mounts', () => {
  test('are written one by one, only when they change, and beside the keys of others', async () => {
    const { cluster } = world;
    await cluster.apply(
      namespaceManifest('writes'),
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'writes', name: 'dag-generated-configs-00' },
        data: { theirs: 'kept' },
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'writes', name: 'foreign-00' },
        data: { theirs: 'kept' },
      },
    );
    const foreign = await get('configmap', 'writes', 'foreign-00');
    await declareClient('writes', { configMap: { shards: 2 } });
    const names = ['a', 'b', 'c', 'd'];
    await cluster.apply(...names.map((name) => pipelineManifest({ namespace: 'writes', name })));
    for (const name of names) {
      await expectRendered(`writes/${name}`, 'Rendered');
    }
    expect((await mountOf('writes', 2)).get('loader-01.py')).toBe(
      readFileSync(join(ROOT, 'loader', 'dag_loader.py'), 'utf8'),
    );
    expect((await mountOf('writes', 2)).get('.airflowignore')).toContain('..data');
    await eventually(
      async () => expect([...(await mountOf('writes', 16)).keys()]).not.toContain('loader-15.py'),
      PATIENCE,
    );
    const before = writesIn('writes').length;

    await cluster.apply(pipelineManifest({ namespace: 'writes', name: 'a' }, { displayName: 'changed' }));
    await expectRendered('writes/a', 'Rendered');
    for (const name of names) {
      await cluster.annotate(`writes/${name}`, { 'ingestion.open-metadata.org/requested-at': 'now' });
    }
    await eventually(async () => {
      for (const name of names) {
        expect((await cluster.pipeline(`writes/${name}`)).status?.lastHandledReconcileAt).toBe('now');
      }
    }, PATIENCE);

    expect(writesIn('writes').slice(before)).toEqual([
      expect.stringMatching(/^patch configmaps\/dag-generated-configs-0[01]$/),
    ]);
    expect((await get('configmap', 'writes', 'dag-generated-configs-00')).data['theirs']).toBe('kept');
    expect(await get('configmap', 'writes', 'foreign-00')).toEqual(foreign);
  });

  test('are put back at once when somebody changes them, as are loaders', async () => {
    const { cluster } = world;
    await declareClient('hands', { configMap: { shards: 1 } });
    await cluster.apply(pipelineManifest({ namespace: 'hands', name: 'a' }));
    await expectRendered('hands/a', 'Rendered');
    const before = await mountOf('hands', 1);
    expect([...before.keys()].toSorted()).toEqual(['.airflowignore', '00-hands_a.json', 'loader-00.py']);

    const patch = { data: { '00-hands_a.json': '{}', 'loader-00.py': null } };
    await cluster.kubectl(
      'patch',
      'configmap',
      'dag-generated-configs-00',
      '--namespace=hands',
      `--patch=${JSON.stringify(patch)}`,
    );
    await eventually(async () => expect(await mountOf('hands', 1)).toEqual(before), PATIENCE);

    await cluster.kubectl('delete', 'configmap', 'dag-generated-configs-00', '--namespace=hands');
    await eventually(async () => expect(await mountOf('hands', 1)).toEqual(before), PATIENCE);
  });

  test('with secrets need rights of their own, and stand in Secrets then', async () => {
    const { cluster, token } = world;
    await declareClient('secrets', {
      openMetadata: { jwtToken: { secretRef: 'credentials', secretKey: 'token' } },
    });
    await cluster.apply(pipelineManifest({ namespace: 'secrets', name: 'a' }));

    expect(await expectRendered('secrets/a', 'SecretNotWritable')).toContain('deploy/secret-documents.yaml');
    expect(writesIn('secrets').filter((line) => line.includes('secrets/'))).toEqual([]);

    await cluster.kubectl(
      'apply',
      '--namespace=secrets',
      `--filename=${join(ROOT, 'deploy', 'secret-documents.yaml')}`,
    );
    await cluster.annotate('secrets/a', { 'ingestion.open-metadata.org/requested-at': 'again' });
    await expectRendered('secrets/a', 'Rendered');
    const [key = ''] = await documentsIn('secrets', 16);
    expect((await mountOf('secrets', 16)).get(key)).toContain(token);
    expect(world.secrets.findLeaks(await everythingPublic(cluster, [operator]))).toEqual([]);

    await changeClient('secrets', {});
    await eventually(async () => {
      expect(await documentsIn('secrets', 16)).toEqual([key]);
      expect((await mountOf('secrets', 16)).get(key)).toContain('${OPENMETADATA_JWT_TOKEN}');
    }, PATIENCE);
  });

  test('stand in the former and the new place while their number changes', async () => {
    const { cluster } = world;
    await declareClient('moves', { configMap: { shards: 16 } });
    await cluster.apply(pipelineManifest({ namespace: 'moves', name: 'a' }));
    await expectRendered('moves/a', 'Rendered');
    const [first = ''] = await documentsIn('moves', 16);
    await changeClient('moves', { configMap: { shards: 3 } });
    await eventually(async () => expect(await documentsIn('moves', 16)).toHaveLength(2), PATIENCE);
    await changeClient('moves', { configMap: { shards: 7 } });
    await eventually(async () => expect(await documentsIn('moves', 16)).toHaveLength(3), PATIENCE);
    await cluster.apply(pipelineManifest({ namespace: 'moves', name: 'a' }, { displayName: 'changed' }));

    await eventually(async () => {
      const mount = await mountOf('moves', 16);
      const texts = new Set([...mount].filter(([key]) => key.endsWith('.json')).map(([, text]) => text));
      expect([...texts]).toEqual([expect.stringContaining('changed')]);
      expect(mount.has(first)).toBe(true);
    }, PATIENCE);
  });
});
