import { expect } from 'vitest';
import type { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';
import { eventually } from '../support/eventually.ts';
import { expectReady } from './expectations.ts';
import type { FakeWorld } from './fakeWorld.ts';
import { clientManifest, namespaceManifest, pipelineManifest } from './manifests.ts';
import type { Resources } from './resources.ts';

/** Where the one client of a fleet is, and its Secret `credentials`. */
export const FLEET = 'fleet';
const PER_APPLY = 250;

/** A client for pipelines of all namespaces, with the limits lifted. */
export async function createFleetClient(
  world: FakeWorld,
  changes: Partial<PipelineServiceClientSpec> = {},
): Promise<void> {
  await world.createNamespace(FLEET);
  await world.cluster.apply(
    clientManifest({ namespace: FLEET, name: 'airflow' }, world.servers, {
      allowedNamespaces: { from: 'All' },
      limits: { deploysPerMinute: 600 },
      ...changes,
    }),
  );
}

/** A new namespace with pipelines of the fleet's client; returns their names. */
export async function createFleet(
  cluster: Pick<Resources, 'apply'>,
  namespace: string,
  count: number,
  specOf: (index: number) => Partial<IngestionPipelineSpec> = () => ({}),
): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `pipeline-${index}`);
  const manifests = names.map((name, index) =>
    pipelineManifest(
      { namespace, name },
      { clientRef: { name: 'airflow', namespace: FLEET }, ...specOf(index) },
    ),
  );
  await cluster.apply(namespaceManifest(namespace));
  for (let from = 0; from < manifests.length; from += PER_APPLY) {
    await cluster.apply(...manifests.slice(from, from + PER_APPLY));
  }
  return names;
}

/** Waits until so many pipelines are there, and all of them Ready. */
export async function untilFleetIsReady(
  cluster: Pick<Resources, 'pipelines'>,
  count: number,
  timeoutMs: number,
): Promise<void> {
  await eventually(
    async () => {
      const pipelines = await cluster.pipelines();
      expect(pipelines).toHaveLength(count);
      pipelines.forEach(expectReady);
    },
    { timeoutMs, intervalMs: 1_000 },
  );
}
