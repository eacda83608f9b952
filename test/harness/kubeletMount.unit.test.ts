import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';
import { type KubeletMount, mountFiles } from './kubeletMount.ts';

interface Volume {
  readonly directory: string;
  files: Map<string, string>;
  readonly mount: KubeletMount;
}

async function givenVolume(files: Record<string, string>, intervalMs?: number): Promise<Volume> {
  const parent = temporaryDirectory('kubelet-mount');
  const directory = join(parent.path, 'dag_generated_configs');
  const sources = { files: new Map(Object.entries(files)) };
  const mount = await mountFiles({
    directory,
    read: () => Promise.resolve(sources.files),
    ...(intervalMs === undefined ? {} : { intervalMs }),
  });
  onTestFinished(async () => {
    await mount.stop();
    parent.remove();
  });
  return Object.assign(sources, { directory, mount });
}

test('a volume has the names of a kubelet', async () => {
  const { directory } = await givenVolume({ '00-a.json': '{}', '.airflowignore': '..data' });

  const version = readlinkSync(join(directory, '..data'));
  expect(version).toMatch(/^\.\.\d{4}_\d{2}_\d{2}_\d{2}_\d{2}_\d{2}\.\w+$/);
  expect(readdirSync(directory).toSorted()).toEqual(
    ['..data', '.airflowignore', '00-a.json', version].toSorted(),
  );
  expect(readlinkSync(join(directory, '00-a.json'))).toBe('..data/00-a.json');
  expect(lstatSync(join(directory, version, '00-a.json')).isFile()).toBe(true);
  expect(readFileSync(join(directory, '.airflowignore'), 'utf8')).toBe('..data');
});

test('a removed key takes its file and its version along', async () => {
  const volume = await givenVolume({ '00-a.json': '{}', '00-b.json': '{}' });
  const before = readlinkSync(join(volume.directory, '..data'));

  volume.files = new Map([['00-b.json', '{"b":1}']]);
  await volume.mount.sync();

  const version = readlinkSync(join(volume.directory, '..data'));
  expect(readdirSync(volume.directory).toSorted()).toEqual(['..data', '00-b.json', version].toSorted());
  expect(version).not.toBe(before);
  expect(readFileSync(join(volume.directory, '00-b.json'), 'utf8')).toBe('{"b":1}');
});

test('what a reader put there stays', async () => {
  const volume = await givenVolume({ 'loader-00.py': '' });
  const cache = join(volume.directory, '__pycache__');
  mkdirSync(cache);

  volume.files = new Map([['loader-01.py', '']]);
  await volume.mount.sync();

  expect(existsSync(cache)).toBe(true);
  expect(existsSync(join(volume.directory, 'loader-00.py'))).toBe(false);
});

test('nothing is written where nothing changed', async () => {
  const { directory, mount } = await givenVolume({ '00-a.json': '{}' });
  const before = readlinkSync(join(directory, '..data'));

  await mount.sync();

  expect(readlinkSync(join(directory, '..data'))).toBe(before);
});

test('a change arrives by itself where an interval is given', async () => {
  const volume = await givenVolume({ '00-a.json': '{}' }, 5);

  volume.files = new Map([['00-b.json', '{}']]);

  await eventually(() => expect(existsSync(join(volume.directory, '00-b.json'))).toBe(true));
});

test('a reader never misses a file and never sees half of one', async () => {
  const volume = await givenVolume({ '00-a.json': 'x'.repeat(100_000) });
  const reader = startReader(join(volume.directory, '00-a.json'));
  onTestFinished(async () => void (await reader.terminate()));
  let reads = 0;
  const faults: string[] = [];
  reader.on('message', (fault: string) => (fault === '' ? (reads += 1) : faults.push(fault)));

  await eventually(
    async () => {
      volume.files = new Map([['00-a.json', (reads % 2 === 0 ? 'y' : 'z').repeat(100_000)]]);
      await volume.mount.sync();
      expect(reads).toBeGreaterThan(200);
    },
    { intervalMs: 1 },
  );

  expect(faults).toEqual([]);
});

/** In a thread of its own, since ours writes without a pause. Sends what is wrong, empty when nothing is. */
function startReader(file: string): Worker {
  const code = `
    const { readFileSync } = require('node:fs');
    const { parentPort, workerData } = require('node:worker_threads');
    setInterval(() => {
      try {
        const text = readFileSync(workerData, 'utf8');
        const isWhole = text.length === 100000 && text === text[0].repeat(100000);
        parentPort.postMessage(isWhole ? '' : 'half a file');
      } catch (error) {
        parentPort.postMessage(String(error));
      }
    }, 0);
  `;
  return new Worker(code, { eval: true, workerData: file });
}
