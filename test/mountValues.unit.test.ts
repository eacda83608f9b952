import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'pipelineserviceclient.md'), 'utf8');
const EXAMPLE = /```sh\nnpm run --silent mount-values -- (.+)\n```\n\n```yml\n([^`]+)```/;

function mountValues(...options: readonly string[]): {
  stdout: string;
  stderr: string;
  status: number | null;
} {
  const script = join(ROOT, 'scripts', 'mount-values.ts');
  return spawnSync(process.execPath, [script, ...options], { encoding: 'utf8' });
}

test('the values on the page are what the command beside them prints', () => {
  const [, options = '', values] = EXAMPLE.exec(PAGE) ?? [];

  expect(mountValues(...options.split(' ')).stdout).toBe(values);
});

test('without options the values are those of a client without configMap', () => {
  const { stdout } = mountValues();

  expect(stdout).toContain('dag-generated-configs-15');
  expect(stdout).not.toContain('dag-generated-configs-16');
});

test.each(['--chart=other', '--shards=0', '--shards=many', '--env=TOKEN', '--unknown'])(
  'the option %s is refused, with what there is',
  (option) => {
    const { stdout, stderr, status } = mountValues(option);

    expect(stdout).toBe('');
    expect(stderr).toContain('--shards=COUNT');
    expect(status).toBe(2);
  },
);
