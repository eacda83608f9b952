/**
 * Prints a bill of materials (CycloneDX) of what the image holds beside Node.js: the dependencies at run time. It is made by npm, and
 * put right where npm's own would not do:
 *
 * - `npm sbom --omit=dev` leaves out what a tool of development needs as well (zod, yaml), so it is taken from the whole bill.
 * - The same sources give the same bill: the serial number is made of the contents, the time is SOURCE_DATE_EPOCH (seconds since
 *   1970; 0 when left out), and the name is that of the package, not of the directory.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..');
const ARGS = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application'];

const Package = z.object({ name: z.string(), dependencies: z.record(z.string(), z.string()) });
const Component = z.looseObject({ 'bom-ref': z.string(), name: z.string() });
const Edges = z.object({ ref: z.string(), dependsOn: z.array(z.string()) });
const Bill = z.looseObject({
  serialNumber: z.string(),
  metadata: z.looseObject({ timestamp: z.string(), component: Component }),
  components: z.array(Component),
  dependencies: z.array(Edges),
});
type Package = z.infer<typeof Package>;
type Bill = z.infer<typeof Bill>;

function billOfNpm(): Bill {
  const { stdout, stderr, status } = spawnSync('npm', ARGS, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm sbom: ${stderr}`);
  return Bill.parse(JSON.parse(stdout));
}

function atRunTime(bill: Bill, { dependencies: direct }: Package): Bill {
  const root = bill.metadata.component['bom-ref'];
  const edges = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const ours = (edges.get(root) ?? []).filter((ref) => ref.slice(0, ref.lastIndexOf('@')) in direct);
  edges.set(root, ours);
  const reached = new Set([root]);
  for (const ref of reached) edges.get(ref)?.forEach((next) => reached.add(next));
  return {
    ...bill,
    components: bill.components.filter((component) => reached.has(component['bom-ref'])),
    dependencies: [...edges]
      .filter(([ref]) => reached.has(ref))
      .map(([ref, dependsOn]) => ({ ref, dependsOn })),
  };
}

function reproducible({ metadata, ...bill }: Bill, { name }: Package): Bill {
  const timestamp = new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) * 1000).toISOString();
  const component = { ...metadata.component, name };
  const fixed = { ...bill, serialNumber: '', metadata: { ...metadata, timestamp, component } };
  return { ...fixed, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(fixed))}` };
}

/** Of version 8, which is for those that are made of something else. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}

const manifest = Package.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
const bill = reproducible(atRunTime(billOfNpm(), manifest), manifest);
process.stdout.write(`${JSON.stringify(bill, undefined, 2)}\n`);
