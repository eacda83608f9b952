import { z } from 'zod';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { parsed, unlessNotFound } from './parsed.ts';
import { send } from './request.ts';

const RawNamespace = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).nullish() }),
  status: z.object({ phase: z.string().nullish() }).nullish(),
});

export interface Namespace {
  readonly labels: Readonly<Record<string, string>>;
  /** True while the namespace is being deleted. */
  readonly terminating: boolean;
}

/** Reads one namespace with `get`; undefined if there is none. Failures are KubeErrors. */
export async function readNamespace(
  kubeConfig: PooledKubeConfig,
  name: string,
  signal?: AbortSignal,
): Promise<Namespace | undefined> {
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}`;
  const raw = await unlessNotFound(send(kubeConfig, { method: 'GET', path, signal }));
  if (raw === undefined) {
    return undefined;
  }
  const { metadata, status } = parsed(RawNamespace, raw, `GET ${path}`);
  return { labels: metadata.labels ?? {}, terminating: status?.phase === 'Terminating' };
}
