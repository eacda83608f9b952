import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Logger } from '../../src/domain/logger.ts';
import { type ConfigMaps, createConfigMaps, sizeOfConfigMap } from '../../src/kube/configMaps.ts';
import { createCustomResources, type CustomResources } from '../../src/kube/customResources.ts';
import { createEventRecorder } from '../../src/kube/events.ts';
import { loadKubeConfig, type PooledKubeConfig } from '../../src/kube/kubeConfig.ts';
import { isKubeError } from '../../src/kube/kubeError.ts';
import { readNamespace } from '../../src/kube/namespaces.ts';
import { createReflector, type Reflector } from '../../src/kube/reflector.ts';
import { createSecretReader } from '../../src/kube/secrets.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { kubectlOrThrow } from '../control-plane/kubectl.ts';
import { eventually } from '../support/eventually.ts';
import { terminalProgress } from '../support/progress.ts';

const SECRET = 'planted-secret';

const CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.test.example.org}
spec:
  group: test.example.org
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
          status:
            type: object
            properties:
              phase: {type: string}
              count: {type: integer}
              foreign: {type: string}
              conditions:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [type]
                items:
                  type: object
                  required: [type, status]
                  properties: {type: {type: string}, status: {type: string}, reason: {type: string}}
`;

const Widget = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    finalizers: z.array(z.string()).optional(),
    managedFields: z.unknown().optional(),
  }),
  spec: z.unknown(),
  status: z.record(z.string(), z.unknown()).optional(),
});

type Widget = z.infer<typeof Widget>;

const ReflectedConfigMap = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
  }),
  data: z.record(z.string(), z.string()).optional(),
});
type ReflectedConfigMap = z.infer<typeof ReflectedConfigMap>;

let plane: ControlPlane;
let kubeConfig: PooledKubeConfig;
const lines: string[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ progress: terminalProgress() });
  kubeConfig = loadKubeConfig({ kubeconfig: plane.adminKubeconfig });
  await plane.apply(CRD);
  await kubectl('wait', '--for=condition=Established', 'crd/widgets.test.example.org');
  await kubectl('create', 'namespace', 'other');
});

afterAll(async () => {
  await kubeConfig?.close();
  await plane?.stop();
});

function kubectl(...args: string[]): Promise<string> {
  return kubectlOrThrow(plane.kubectl, args);
}

function report(figure: string): void {
  process.stderr.write(`${figure}\n`);
}

function logger(): Logger {
  function write(fields: object, message: string): void {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  }
  return { debug: write, info: write, warn: write, error: write };
}

function configMapManifest(name: string, data: Record<string, string>, namespace = 'default'): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
}

describe('reflector', () => {
  const stop = new AbortController();
  const finished: Promise<void>[] = [];

  afterAll(async () => {
    stop.abort();
    await Promise.all(finished);
  });

  function start(
    namespaces: readonly string[],
    onKey: (key: string) => void,
    pageSize = 500,
  ): Reflector<ReflectedConfigMap> {
    const reflector = createReflector({
      kubeConfig,
      path: '/api/v1/configmaps',
      namespaces,
      parse: (raw) => ReflectedConfigMap.parse(raw),
      onKey,
      log: logger(),
      clock: () => Date.now(),
      random: () => Math.random(),
      pageSize,
    });
    finished.push(reflector.run(stop.signal));
    return reflector;
  }

  function value(reflector: Reflector<ReflectedConfigMap>, key: string): string | undefined {
    return reflector.get(key)?.data?.['value'];
  }

  test('pages of a real API server add up to all objects', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `paged-${index}`);
    await plane.apply(names.map((name) => configMapManifest(name, {}, 'other')).join('\n---\n'));

    const reflector = start(['other'], () => {}, 7);
    await reflector.whenSynced(AbortSignal.timeout(10_000));

    const held = [...reflector.list()].map(({ metadata }) => metadata.name);
    expect(held).toEqual(expect.arrayContaining(names));
  });

  test('a restart of the API server loses nothing, and the watch goes on from where it was', async () => {
    const keys: string[] = [];
    await plane.apply(configMapManifest('deleted', { value: '1' }));
    const reflector = start(['default'], (key) => keys.push(key));
    await reflector.whenSynced(AbortSignal.timeout(10_000));
    await plane.apply(configMapManifest('before', { value: '1' }));
    await eventually(() => expect(value(reflector, 'default/before')).toBe('1'));

    await plane.stopApiServer();
    await sleep(3_000);
    await plane.startApiServer();
    const started = Date.now();
    await plane.apply(configMapManifest('before', { value: '2' }));
    await plane.apply(configMapManifest('after', { value: '1' }));
    await kubectl('delete', 'configmap', 'deleted', '--namespace=default');

    await eventually(() => expect(value(reflector, 'default/after')).toBe('1'));
    await eventually(() => expect(value(reflector, 'default/before')).toBe('2'));
    await eventually(() => expect(reflector.get('default/deleted')).toBeUndefined());
    report(`caught up ${Date.now() - started} ms after the API server was back`);
    expect(keys.filter((key) => key === 'default/deleted')).toHaveLength(2);
    expect(reflector.lastEventAge()).toBeLessThan(10_000);
  });

  test('an edit of a kind that has been quiet is seen at once', async () => {
    const seen: number[] = [];
    const reflector = start(['default'], (key) => {
      if (key === 'default/quick') {
        seen.push(Date.now());
      }
    });
    await reflector.whenSynced(AbortSignal.timeout(10_000));
    await sleep(2_000);
    const configMaps = createConfigMaps(kubeConfig);

    const sent = Date.now();
    await configMaps.applyKey({ namespace: 'default', name: 'quick', key: 'k', value: 'v' });

    await eventually(() => expect(seen).not.toEqual([]), { intervalMs: 2 });
    report(`seen ${(seen[0] ?? 0) - sent} ms after it was sent`);
  });
});

describe('custom resources', () => {
  function widgets(): CustomResources<Widget> {
    return createCustomResources({
      kubeConfig,
      apiVersion: 'test.example.org/v1',
      kind: 'Widget',
      plural: 'widgets',
      parse: (raw) => Widget.parse(raw),
    });
  }

  async function create(name: string, more: object = {}): Promise<Widget> {
    const metadata = { name, namespace: 'default', ...more };
    await plane.apply(
      JSON.stringify({ apiVersion: 'test.example.org/v1', kind: 'Widget', metadata, spec: { size: 1 } }),
    );
    const widget = await widgets().get(`default/${name}`);
    if (!widget) {
      throw new Error('the widget was not made');
    }
    return widget;
  }

  const MINE = { fieldManager: 'ingestion-operator' };

  test('a status that is applied replaces what this manager said before, and nothing else', async () => {
    await create('applied');
    const foreign = JSON.stringify({
      status: { foreign: 'kept', conditions: [{ type: 'Foreign', status: 'True' }] },
    });
    const patch = ['--subresource=status', '--type=merge', '--field-manager=someone', `--patch=${foreign}`];
    await kubectl('patch', 'widget', 'applied', ...patch);

    await widgets().applyStatus(
      'default/applied',
      { phase: 'One', count: 1, conditions: [{ type: 'Ready', status: 'False', reason: 'A' }] },
      MINE,
    );
    const applied = await widgets().applyStatus(
      'default/applied',
      { phase: 'Two', conditions: [{ type: 'Ready', status: 'True' }] },
      MINE,
    );

    expect(applied.status).toEqual({
      phase: 'Two',
      foreign: 'kept',
      conditions: [
        { type: 'Foreign', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
    });
    expect(applied.metadata.managedFields).toBeUndefined();
  });

  test('an equal status is no new version', async () => {
    await create('equal');

    const first = await widgets().applyStatus('default/equal', { phase: 'One' }, MINE);
    const second = await widgets().applyStatus('default/equal', { phase: 'One' }, MINE);

    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test('an edit of the spec between reading and applying is not lost', async () => {
    await create('edited');
    await kubectl('patch', 'widget', 'edited', '--type=merge', '--patch={"spec":{"size":2}}');

    const applied = await widgets().applyStatus('default/edited', { phase: 'One' }, MINE);

    expect(applied).toMatchObject({ spec: { size: 2 }, status: { phase: 'One' } });
  });

  test('a field of another manager is taken over, unless told not to', async () => {
    await create('disputed');
    await widgets().applyStatus('default/disputed', { phase: 'Theirs' }, { fieldManager: 'someone' });

    const polite = widgets().applyStatus('default/disputed', { phase: 'Ours' }, { ...MINE, force: false });
    await expect(polite).rejects.toMatchObject({ kind: 'conflict' });
    const forced = await widgets().applyStatus('default/disputed', { phase: 'Ours' }, MINE);

    expect(forced.status).toEqual({ phase: 'Ours' });
  });

  test('a status is not given to an object that is gone', async () => {
    await create('gone');
    await kubectl('delete', 'widget', 'gone');

    const applied = widgets().applyStatus('default/gone', { phase: 'One' }, MINE);

    await expect(applied).rejects.toMatchObject({ kind: 'notFound' });
  });

  test('finalizers are not set on a version that is no longer there', async () => {
    const widget = await create('finalized');
    await kubectl('annotate', 'widget', 'finalized', 'a=b');

    const late = widgets().patchFinalizers(
      'default/finalized',
      ['example.org/x'],
      widget.metadata.resourceVersion,
    );
    await expect(late).rejects.toMatchObject({ kind: 'conflict' });
    const current = await widgets().get('default/finalized');
    const set = await widgets().patchFinalizers(
      'default/finalized',
      ['example.org/x'],
      current?.metadata.resourceVersion ?? '',
    );

    expect(set.metadata.finalizers).toEqual(['example.org/x']);
  });

  test('dropping the last finalizer lets a deleted object go', async () => {
    await create('deleted', { finalizers: ['example.org/x'] });
    await kubectl('delete', 'widget', 'deleted', '--wait=false');
    const widget = await widgets().get('default/deleted');

    await widgets().patchFinalizers('default/deleted', [], widget?.metadata.resourceVersion ?? '');

    expect(await widgets().get('default/deleted')).toBeUndefined();
  });
});

describe('config maps', () => {
  function configMaps(): ConfigMaps {
    return createConfigMaps(kubeConfig);
  }

  const labels = { 'app.kubernetes.io/managed-by': 'test' };

  test('each key is written for itself, beside those of others', async () => {
    await plane.apply(configMapManifest('shared', { theirs: 'kept' }));

    const target = { namespace: 'default', name: 'shared' };
    await configMaps().applyKey({ ...target, key: 'one', value: '1', labels });
    await configMaps().applyKey({ ...target, key: 'two', value: '2', labels });
    await configMaps().applyKey({ ...target, key: 'one', value: '1b', labels });
    await configMaps().removeKey({ ...target, key: 'two' });
    await configMaps().removeKey({ ...target, key: 'never there' });
    await plane.apply(configMapManifest('shared', { theirs: 'changed' }));

    const configMap = await configMaps().get('default', 'shared');
    expect(configMap).toMatchObject({ data: { theirs: 'changed', one: '1b' }, metadata: { labels } });
    expect(Object.keys(configMap?.data ?? {})).toHaveLength(2);
  });

  test('many keys written at once are all there, though nobody had made the config map', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);

    await Promise.all(
      keys.map((key) =>
        configMaps().applyKey({ namespace: 'default', name: 'new', key, value: key, labels }),
      ),
    );

    const configMap = await configMaps().get('default', 'new');
    expect(Object.keys(configMap?.data ?? {}).toSorted()).toEqual(keys.toSorted());
    expect(configMap && sizeOfConfigMap(configMap)).toBe(keys.join('').length);
  });

  test('an equal value is no new version', async () => {
    const document = { namespace: 'default', name: 'steady', key: 'a', value: '1', labels };
    await configMaps().applyKey(document);
    const before = await configMaps().get('default', 'steady');

    await configMaps().applyKey(document);

    expect((await configMaps().get('default', 'steady'))?.metadata.resourceVersion).toBe(
      before?.metadata.resourceVersion,
    );
  });

  test('removing from what is not there makes nothing', async () => {
    await configMaps().removeKey({ namespace: 'default', name: 'absent', key: 'a' });

    expect(await configMaps().get('default', 'absent')).toBeUndefined();
  });

  test('what would pass 1 MiB is refused as invalid', async () => {
    const half = 'x'.repeat(600_000);
    await configMaps().applyKey({ namespace: 'default', name: 'full', key: 'a', value: half });

    const second = configMaps().applyKey({ namespace: 'default', name: 'full', key: 'b', value: half });

    await expect(second).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('in a namespace that does not exist it is not found', async () => {
    const applied = configMaps().applyKey({ namespace: 'nowhere', name: 'a', key: 'b', value: 'c' });

    await expect(applied).rejects.toMatchObject({ kind: 'notFound' });
  });
});

describe('secrets and namespaces', () => {
  test('values are decoded and masked', async () => {
    await kubectl('create', 'secret', 'generic', 'credentials', `--from-literal=token=${SECRET} ü`);

    const secret = await createSecretReader(kubeConfig).readSecret('default', 'credentials');

    expect(secret.data.get('token')?.reveal()).toBe(`${SECRET} ü`);
    expect(JSON.stringify([...secret.data])).not.toContain(SECRET);
  });

  test('a missing secret and a missing key of a config map are told apart', async () => {
    const reader = createSecretReader(kubeConfig);
    await plane.apply(configMapManifest('ca', { 'ca.crt': 'certificate' }));

    await expect(reader.readSecret('default', 'absent')).rejects.toMatchObject({ kind: 'notFound' });
    await expect(reader.readConfigMapKey('default', 'absent', 'a')).rejects.toMatchObject({
      kind: 'notFound',
    });
    expect(await reader.readConfigMapKey('default', 'ca', 'absent')).toBeUndefined();
    expect(await reader.readConfigMapKey('default', 'ca', 'ca.crt')).toBe('certificate');
  });

  test('without permission it is forbidden, with a token that is no good it is unauthorized', async () => {
    await kubectl('create', 'serviceaccount', 'nobody');
    const nobody = loadKubeConfig({ kubeconfig: await plane.serviceAccountKubeconfig('default', 'nobody') });
    const stranger = loadKubeConfig({ kubeconfig: plane.adminKubeconfig });
    stranger.users = [{ name: stranger.getCurrentUser()?.name ?? '', token: SECRET }];

    const forbidden = createSecretReader(nobody).readSecret('default', 'credentials');
    await expect(forbidden).rejects.toMatchObject({ kind: 'forbidden', reason: 'Forbidden' });
    const unauthorized = await createSecretReader(stranger)
      .readSecret('default', 'credentials')
      .catch((error: unknown) => error);

    expect(isKubeError(unauthorized, 'unauthorized')).toBe(true);
    expect(String(unauthorized)).not.toContain(SECRET);
    await Promise.all([nobody.close(), stranger.close()]);
  });

  test('a namespace tells its labels and whether it is going', async () => {
    await kubectl('create', 'namespace', 'leaving');
    await kubectl('label', 'namespace', 'leaving', 'team=a');
    await plane.apply(
      JSON.stringify({
        apiVersion: 'test.example.org/v1',
        kind: 'Widget',
        metadata: { name: 'keeper', namespace: 'leaving', finalizers: ['example.org/x'] },
      }),
    );
    expect(await readNamespace(kubeConfig, 'leaving')).toMatchObject({
      labels: { team: 'a' },
      terminating: false,
    });

    await kubectl('delete', 'namespace', 'leaving', '--wait=false');

    expect(await readNamespace(kubeConfig, 'leaving')).toMatchObject({ terminating: true });
    expect(await readNamespace(kubeConfig, 'absent')).toBeUndefined();
  });
});

test('events are accepted, counted in a series and shown by kubectl', async () => {
  const recorder = createEventRecorder({
    kubeConfig,
    reportingController: 'test.example.org/controller',
    reportingInstance: 'pod-1',
    clock: () => Date.now(),
    log: logger(),
  });
  const uid = (await kubectl('get', 'namespace', 'default', '--output=jsonpath={.metadata.uid}')).trim();
  const regarding = {
    apiVersion: 'test.example.org/v1',
    kind: 'Widget',
    namespace: 'default',
    name: 'counted',
    uid,
  };
  const event = {
    regarding,
    type: 'Warning',
    reason: 'RunFailed',
    action: 'Poll',
    note: 'ü'.repeat(600),
  } as const;

  recorder.record(event);
  await recorder.flush();
  recorder.record(event);
  recorder.record(event);
  await recorder.flush();

  const shown = await kubectl('events', '--for=widget/counted', '--output=json');
  const { items } = z.object({ items: z.array(z.unknown()) }).parse(JSON.parse(shown));
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ reason: 'RunFailed', type: 'Warning', series: { count: 3 } });
});

test('nothing planted is in any log line', () => {
  expect(lines.join('\n')).not.toContain(SECRET);
});
