import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runCommandOrThrow } from '../support/runCommand.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const Package = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()),
});
const Bill = z.object({
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/),
  metadata: z.object({ timestamp: z.string(), component: z.object({ name: z.string(), type: z.string() }) }),
  components: z.array(z.object({ name: z.string(), group: z.string().optional() })),
});

function print(epoch: string): Promise<string> {
  const env = { ...process.env, SOURCE_DATE_EPOCH: epoch };
  return runCommandOrThrow(process.execPath, [join(ROOT, 'scripts', 'sbom.ts')], { env });
}

test('the bill of materials depends on the sources alone, and names what is used at run time', async () => {
  const [once, again] = await Promise.all([print('1700000000'), print('1700000000')]);
  expect(again).toBe(once);

  const { name, dependencies } = Package.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  const { metadata, components } = Bill.parse(JSON.parse(once));
  expect(metadata).toEqual({
    timestamp: '2023-11-14T22:13:20.000Z',
    component: { name, type: 'application' },
  });
  const named = components.map((component) => component.name);
  expect(named).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  expect(named.filter((each) => /^(vitest|oxlint|esbuild|typescript|knip)$/.test(each))).toEqual([]);
});
