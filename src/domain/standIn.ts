const PATTERN = /^Cannot be built: (.*) \[ingestion\.open-metadata\.org failed\]$/s;

/**
 * Why the mounted loader could not build a DAG: it registers one without tasks in its place, with the reason in the
 * description. Undefined for any other DAG. Not redacted.
 */
export function buildErrorOf(description: string): string | undefined {
  return PATTERN.exec(description)?.[1];
}
