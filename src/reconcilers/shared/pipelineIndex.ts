/** Which pipelines use which client, and which DAG of it they claim. */
export interface PipelineIndex {
  /** Takes the place of what was known of this pipeline. */
  set(pipelineKey: string, entry: { clientKey: string | undefined; dagId: string }): void;
  delete(pipelineKey: string): void;
  get(pipelineKey: string): PipelineIndexEntry | undefined;
  pipelinesOf(clientKey: string): ReadonlySet<string>;
  dagIdsOf(clientKey: string): Iterable<string>;
  claimantsOf(clientKey: string, dagId: string): ReadonlySet<string>;
}

export interface PipelineIndexEntry {
  readonly clientKey: string;
  readonly dagId: string;
}

const NONE: ReadonlySet<string> = new Set();

export function createPipelineIndex(): PipelineIndex {
  const entries = new Map<string, PipelineIndexEntry>();
  const byClient = new Map<string, Set<string>>();
  const byClaim = new Map<string, Map<string, Set<string>>>();

  function remove(pipelineKey: string): void {
    const entry = entries.get(pipelineKey);
    if (entry === undefined) {
      return;
    }
    entries.delete(pipelineKey);
    dropFrom(byClient, entry.clientKey, pipelineKey);
    const claims = byClaim.get(entry.clientKey);
    if (claims !== undefined) {
      dropFrom(claims, entry.dagId, pipelineKey);
    }
  }

  return {
    set(pipelineKey, { clientKey, dagId }) {
      remove(pipelineKey);
      if (clientKey === undefined) {
        return;
      }
      entries.set(pipelineKey, { clientKey, dagId });
      addTo(byClient, clientKey, pipelineKey);
      const claims = byClaim.get(clientKey) ?? new Map<string, Set<string>>();
      byClaim.set(clientKey, claims);
      addTo(claims, dagId, pipelineKey);
    },
    delete: remove,
    get: (pipelineKey) => entries.get(pipelineKey),
    pipelinesOf: (clientKey) => byClient.get(clientKey) ?? NONE,
    dagIdsOf: (clientKey) => byClaim.get(clientKey)?.keys() ?? [],
    claimantsOf: (clientKey, dagId) => byClaim.get(clientKey)?.get(dagId) ?? NONE,
  };
}

function addTo(sets: Map<string, Set<string>>, key: string, member: string): void {
  const set = sets.get(key) ?? new Set<string>();
  sets.set(key, set.add(member));
}

function dropFrom(sets: Map<string, Set<string>>, key: string, member: string): void {
  const set = sets.get(key);
  set?.delete(member);
  if (set?.size === 0) {
    sets.delete(key);
  }
}
