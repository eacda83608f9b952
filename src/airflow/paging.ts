/** Airflow cuts longer pages without a word. */
export const pageLength = 100;

export interface Page<T> {
  readonly items: readonly T[];
  /** How many entries the page had, with those that could not be made sense of. */
  readonly read: number;
  /** Of all pages together, as far as the server tells. */
  readonly total: number;
}

/** All items, or as many as wanted, page by page. An item that moved between two pages while we read comes once. */
export async function readPages<T>(
  readPage: (offset: number, limit: number) => Promise<Page<T>>,
  keyOf: (item: T) => string,
  wanted = Infinity,
): Promise<T[]> {
  const items = new Map<string, T>();
  for (let offset = 0; ;) {
    const page = await readPage(offset, Math.min(pageLength, wanted - items.size));
    for (const item of page.items) {
      items.set(keyOf(item), item);
    }
    offset += page.read;
    if (page.read === 0 || offset >= page.total || items.size >= wanted) {
      return [...items.values()].slice(0, wanted);
    }
  }
}
