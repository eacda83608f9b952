import { z } from 'zod';
import type { OpenMetadataStandIn } from '../openmetadata/standIn.ts';
import type { Screen } from './screen.ts';

const Table = z.object({
  fullyQualifiedName: z.string(),
  tableType: z.string().default('Regular'),
  columns: z.array(z.object({ name: z.string() })),
});

/** Shows the tables that a run has brought; throws when there is none. */
export function showArrivals(openMetadata: OpenMetadataStandIn, screen: Screen): void {
  const tables = openMetadata.entities('tables').map((entity) => Table.parse(entity));
  if (tables.length === 0) throw new Error('the run succeeded, but no table arrived at OpenMetadata');
  const width = Math.max(...tables.map((table) => table.fullyQualifiedName.length));
  const byName = tables.toSorted((one, other) =>
    one.fullyQualifiedName < other.fullyQualifiedName ? -1 : 1,
  );
  for (const { fullyQualifiedName, tableType, columns } of byName) {
    const names = columns.map(({ name }) => name).join(', ');
    const kind = tableType === 'View' ? 'view ' : 'table';
    screen.print(`  ${fullyQualifiedName.padEnd(width)}  ${kind}  ${screen.style('dim', names)}`);
  }
}
