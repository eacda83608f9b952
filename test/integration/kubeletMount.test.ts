import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { mountFiles } from '../harness/kubeletMount.ts';
import { readShards } from '../harness/shards.ts';
import { terminalProgress } from '../support/progress.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';

const namespace = 'default';
const name = 'dag-generated-configs';
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ progress: terminalProgress() });
});

afterAll(() => plane?.stop());

test('the shards of a client are mounted as in a projected volume, a Secret over its ConfigMap', async () => {
  await plane.apply(
    [
      shard('ConfigMap', `${name}-00`, { data: { '00-a.json': 'a', '00-b.json': 'public' } }),
      shard('Secret', `${name}-00`, { stringData: { '00-b.json': 'resolved' } }),
      shard('ConfigMap', `${name}-01`, { data: { '01-c.json': 'é' } }),
      shard('ConfigMap', `${name}-02`, { data: { '02-of-no-shard.json': '' } }),
      shard('Secret', 'another', { stringData: { other: '' } }),
    ].join('---\n'),
  );
  const volume = temporaryDirectory('volume');
  const read = readShards.bind(undefined, plane, { namespace, name, shards: 2 });
  const mount = await mountFiles({ directory: volume.path, read });

  expect(filesIn(volume.path)).toEqual({ '00-a.json': 'a', '00-b.json': 'resolved', '01-c.json': 'é' });

  await plane.kubectl(['delete', '--namespace', namespace, 'secret', `${name}-00`]);
  await mount.sync();

  expect(filesIn(volume.path)).toMatchObject({ '00-b.json': 'public' });
  await mount.stop();
  volume.remove();
});

function shard(kind: 'ConfigMap' | 'Secret', shardName: string, content: object): string {
  return stringify({ apiVersion: 'v1', kind, metadata: { name: shardName, namespace }, ...content });
}

function filesIn(directory: string): Record<string, string> {
  const names = readdirSync(directory).filter((file) => !file.startsWith('..'));
  return Object.fromEntries(names.map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
}
