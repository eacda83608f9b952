/** The plugin's cleaning of names: a run of other characters becomes one underscore. */
export function cleanDagId(name: string): string {
  return name.replaceAll(/[^0-9a-zA-Z_-]+/g, '_');
}

/** What /delete makes of an id besides: it loses underscores at its ends, and so means another DAG. */
export function secureFilename(dagId: string): string {
  return dagId.replaceAll(/^_+|_+$/g, '');
}
