import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { parsed } from './parsed.ts';
import { send } from './request.ts';

const LIST_DEADLINE = 60_000;

const ListPage = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullish(),
});

export interface ListRequest {
  readonly path: string;
  readonly labelSelector?: string | undefined;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a collection page by page, giving each item to `onItem`, with breaks so that a large collection does not
 * hold up everything else. Returns the resourceVersion to watch from. Throws KubeError.
 */
export async function listPages(
  kubeConfig: PooledKubeConfig,
  { path, labelSelector, pageSize, signal }: ListRequest,
  onItem: (raw: unknown) => void,
): Promise<string> {
  let token = '';
  for (;;) {
    const query = {
      limit: String(pageSize),
      ...(labelSelector !== undefined && { labelSelector }),
      ...(token !== '' && { continue: token }),
    };
    const body = await send(kubeConfig, { method: 'GET', path, query, signal, deadline: LIST_DEADLINE });
    const page = parsed(ListPage, body, `LIST ${path}`);
    await takeItems(page.items ?? [], onItem);
    token = page.metadata.continue ?? '';
    if (token === '') {
      return page.metadata.resourceVersion;
    }
  }
}

async function takeItems(items: readonly unknown[], onItem: (raw: unknown) => void): Promise<void> {
  const itemsPerTurn = 50;
  for (const [index, item] of items.entries()) {
    if (index % itemsPerTurn === 0) {
      await nextTurn();
    }
    onItem(item);
  }
}
