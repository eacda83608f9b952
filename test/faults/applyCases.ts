import { clientManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import type { ClientCase, ClientSetting, PipelineCase } from './case.ts';
import { type FaultWorld, HEALTHY, namespace, USERNAME } from './faultWorld.ts';

/** What takes the fault of each case away, by the name of the case. */
export type Mends = ReadonlyMap<string, () => Promise<void>>;

/** Applies the clients of all cases at once. */
export async function applyClientCases(world: FaultWorld, cases: readonly ClientCase[]): Promise<Mends> {
  const settings = await arrangeAll(world, cases);
  await world.cluster.apply(
    ...[...settings].flatMap(([name, setting]) => clientObjects(world, name, setting)),
  );
  return mendsOf(settings);
}

/** Applies the pipelines of all cases at once, and their clients. */
export async function applyPipelineCases(world: FaultWorld, cases: readonly PipelineCase[]): Promise<Mends> {
  const settings = await arrangeAll(world, cases);
  await world.cluster.apply(
    ...[...settings].flatMap(([name, { spec, client, objects = [] }]) => [
      ...objects,
      ...(client === undefined ? [] : clientObjects(world, name, client)),
      pipelineManifest(
        { namespace, name },
        { clientRef: { name: client === undefined ? HEALTHY : name }, ...spec },
      ),
    ]),
  );
  return mendsOf(settings);
}

async function arrangeAll<Setting>(
  world: FaultWorld,
  cases: readonly { name: string; arrange: (world: FaultWorld) => Promise<Setting> | Setting }[],
): Promise<ReadonlyMap<string, Setting>> {
  return new Map(
    await Promise.all(
      cases.map(async ({ name, arrange }): Promise<[string, Setting]> => [name, await arrange(world)]),
    ),
  );
}

function mendsOf(settings: ReadonlyMap<string, { readonly mend?: () => Promise<void> }>): Mends {
  return new Map([...settings].flatMap(([name, { mend }]) => (mend === undefined ? [] : [[name, mend]])));
}

function clientObjects(
  { airflow, openMetadata }: FaultWorld,
  name: string,
  { spec, secret, objects = [] }: ClientSetting,
): object[] {
  const servers = { airflowUrl: airflow.url, openMetadataUrl: openMetadata.url, username: USERNAME };
  return [
    ...objects,
    ...(secret === undefined ? [] : [secretManifest({ namespace, name }, secret)]),
    clientManifest({ namespace, name }, servers, { timeout: 60, ...spec }),
  ];
}
