import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { loadKubeConfig, type PooledKubeConfig } from './kubeConfig.ts';

let directory: string;
let kubeConfigs: PooledKubeConfig[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  kubeConfigs = [];
  writeFileSync(join(directory, 'ca.crt'), 'first bundle');
});

afterEach(async () => {
  await Promise.all(kubeConfigs.map((kubeConfig) => kubeConfig.close()));
  rmSync(directory, { recursive: true });
});

function load(user: object, cluster: object = {}): PooledKubeConfig {
  const kubeconfig = join(directory, 'kubeconfig');
  const content = {
    clusters: [
      {
        name: 'c',
        cluster: { server: 'https://example:6443', 'certificate-authority': 'ca.crt', ...cluster },
      },
    ],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfig, JSON.stringify(content));
  const kubeConfig = loadKubeConfig({ kubeconfig });
  kubeConfigs.push(kubeConfig);
  return kubeConfig;
}

test('calls share their connections, and watches have theirs', async () => {
  const kubeConfig = load({ token: 't' });

  const call = await kubeConfig.connection('call');
  const watch = await kubeConfig.connection('watch');

  expect((await kubeConfig.connection('call')).dispatcher).toBe(call.dispatcher);
  expect((await kubeConfig.connection('watch')).dispatcher).toBe(watch.dispatcher);
  expect(watch.dispatcher).not.toBe(call.dispatcher);
  expect(call.server).toBe('https://example:6443');
});

test('a new CA bundle gives new connections', async () => {
  const kubeConfig = load({ token: 't' });
  const before = await kubeConfig.connection('call');

  writeFileSync(join(directory, 'ca.crt'), 'second bundle');
  const after = await kubeConfig.connection('call');

  expect(after.dispatcher).not.toBe(before.dispatcher);
  expect((await kubeConfig.connection('call')).dispatcher).toBe(after.dispatcher);
});

const users: Record<string, { user: object; authorization?: string }> = {
  'a token': { user: { token: 'abc' }, authorization: 'Bearer abc' },
  'a name and password': { user: { username: 'me', password: 'pw' }, authorization: 'Basic bWU6cHc=' },
  'a client certificate': { user: { 'client-certificate-data': 'YQ==', 'client-key-data': 'Yg==' } },
};

test.each(Object.entries(users))('credentials: %s', async (_sentence, { user, authorization }) => {
  const { headers } = await load(user).connection('call');

  expect(headers['authorization']).toBe(authorization);
});

test('an HTTP proxy is used, a SOCKS proxy is refused with the way out', async () => {
  await expect(
    load({ token: 't' }, { 'proxy-url': 'http://proxy:3128' }).connection('call'),
  ).resolves.toBeDefined();
  await expect(
    load({ token: 't' }, { 'proxy-url': 'socks5://proxy:1080' }).connection('call'),
  ).rejects.toThrow('use an HTTP proxy');
});

test('outside a cluster and without a kubeconfig, it says what to do', () => {
  expect(() => loadKubeConfig({})).toThrow('give the path of a kubeconfig');
});
