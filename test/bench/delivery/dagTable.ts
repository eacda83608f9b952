import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** What Airflow's database says of a DAG. It is read there because questions to the web server would change its memory. */
const DagRow = z
  .object({
    dag_id: z.string(),
    description: z.string().nullable(),
    is_paused: z.number(),
    is_stale: z.number(),
    fileloc: z.string(),
    last_parsed_time: z.string().nullable(),
  })
  .transform((row) => ({
    dagId: row.dag_id,
    description: row.description ?? '',
    isPaused: row.is_paused === 1,
    isStale: row.is_stale === 1,
    file: row.fileloc,
    lastParsed: row.last_parsed_time ?? undefined,
  }));
export type DagRow = z.output<typeof DagRow>;

const QUERY = 'SELECT dag_id, description, is_paused, is_stale, fileloc, last_parsed_time FROM dag';

export interface DagTable {
  rows(): DagRow[];
  row(dagId: string): DagRow | undefined;
  close(): void;
}

/** Of a running Airflow 3. */
export function openDagTable(file: string): DagTable {
  const database = new DatabaseSync(file, { readOnly: true });
  const all = database.prepare(QUERY);
  const one = database.prepare(`${QUERY} WHERE dag_id = ?`);
  return {
    rows: () => z.array(DagRow).parse(all.all()),
    row: (dagId) => DagRow.optional().parse(one.get(dagId)),
    close: () => database.close(),
  };
}
