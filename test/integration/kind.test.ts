import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createHelm } from '../chart/helm.ts';
import { DEPLOY } from '../gitops/readers.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';

const KIND = join(DEPLOY, 'kind');

test('the script for kind is well formed, and installs the image that it builds', async () => {
  await expect(runCommandOrThrow('bash', ['-n', join(KIND, 'up.sh')])).resolves.toBe('');
  const [, image = ''] = /^readonly IMAGE=(.*)$/m.exec(readFileSync(join(KIND, 'up.sh'), 'utf8')) ?? [];

  const directory = temporaryDirectory('kind');
  const helm = await createHelm(directory.path);
  const rendering = await helm.text(parse(readFileSync(join(KIND, 'values.yaml'), 'utf8')));
  directory.remove();

  const images = [...rendering.matchAll(/^ +image: "?([^"\n]*)/gm)].map(([, name]) => name);
  expect(new Set(images)).toEqual(new Set([image]));
});
