import { z } from 'zod';
import type { ControlPlane } from '../control-plane/controlPlane.ts';
import { kubectlOrThrow } from '../control-plane/kubectl.ts';

const Texts = z.record(z.string(), z.string()).default({});
const Shards = z.object({
  items: z.array(z.object({ kind: z.string(), metadata: z.object({ name: z.string() }), data: Texts })),
});

export interface ShardSources {
  readonly namespace: string;
  /** The `configMap.name` of a client, and its number of shards. */
  readonly name: string;
  readonly shards: number;
}

/** What the projected volume of a client's shards holds: the keys of its ConfigMaps and, over them, those of its Secrets. */
export async function readShards(
  plane: Pick<ControlPlane, 'kubectl'>,
  { namespace, name, shards }: ShardSources,
): Promise<ReadonlyMap<string, string>> {
  const text = await kubectlOrThrow(plane.kubectl, [
    'get',
    'configmaps,secrets',
    '--namespace',
    namespace,
    '--output',
    'json',
  ]);
  const names = new Set(
    Array.from({ length: shards }, (_, shard) => `${name}-${String(shard).padStart(2, '0')}`),
  );
  const sources = Shards.parse(JSON.parse(text)).items.filter(({ metadata }) => names.has(metadata.name));
  return new Map([...filesOf(sources, 'ConfigMap'), ...filesOf(sources, 'Secret')]);
}

function filesOf(
  sources: z.output<typeof Shards>['items'],
  kind: 'ConfigMap' | 'Secret',
): [string, string][] {
  return sources
    .filter((source) => source.kind === kind)
    .flatMap(({ data }) => Object.entries(data))
    .map(([key, value]) => [key, kind === 'Secret' ? Buffer.from(value, 'base64').toString() : value]);
}
