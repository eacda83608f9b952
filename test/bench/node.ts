import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createHelm } from '../chart/helm.ts';
import { startFakeAirflow } from '../fakes/airflow/startFakeAirflow.ts';
import { createFleet, FLEET, untilFleetIsReady } from '../harness/fleet.ts';
import { clientManifest, namespaceManifest, secretManifest } from '../harness/manifests.ts';
import { type Resources, resourcesOn } from '../harness/resources.ts';
import { ensureDebianPackages } from '../node/debianPackages.ts';
import { type Node, startNode } from '../node/node.ts';
import { buildOperatorImage } from '../node/operatorImage.ts';
import { type OperatorPods, operatorPods } from '../node/operatorPods.ts';
import { startOpenMetadata } from '../openmetadata/standIn.ts';
import { tellFigure } from '../support/figures.ts';
import { terminalProgress } from '../support/progress.ts';

const NAMESPACE = 'openmetadata';
const NAME = 'ingestion-openmetadata-ingestion-operator';
const TOKEN = 'token-of-the-bot';
const Options = z.object({ pipelines: z.coerce.number().int().positive() });
const progress = terminalProgress();

/** How much memory the pods of the operator take on a real node. */
async function main({ pipelines }: z.infer<typeof Options>): Promise<void> {
  const obstacle = await ensureDebianPackages(progress);
  if (obstacle !== undefined) throw new Error(`there can be no node: ${obstacle}`);
  const node = await startNode(progress);
  try {
    await measure(node, pipelines);
  } finally {
    await node.stop();
  }
}

async function measure(node: Node, pipelines: number): Promise<void> {
  const resources = resourcesOn(node.plane);
  const pods = operatorPods(node, resources, { namespace: NAMESPACE, name: NAME });
  await install(node);
  await pods.untilReady(2);
  await tellMemory(pods, 'no pipelines');
  const stop = await startServers(node, resources);
  try {
    await createFleet(resources, 'bench', pipelines);
    await progress.step(`deploying ${pipelines} pipelines`, () =>
      untilFleetIsReady(resources, pipelines, 1_200_000),
    );
    await tellMemory(pods, `${pipelines} pipelines, all of which the first has deployed`);
    const former = await pods.list();
    await resources.kubectl('rollout', 'restart', 'deployment', NAME, `--namespace=${NAMESPACE}`);
    await pods.untilReady(2, former);
    await tellMemory(pods, `${pipelines} pipelines, after a new start`);
  } finally {
    await stop();
  }
}

async function install(node: Node): Promise<void> {
  const directory = join(node.directory, 'image');
  mkdirSync(directory);
  await node.importImages((await buildOperatorImage(directory, progress)).archive);
  const helm = await createHelm(node.plane.directory, node.plane);
  const values = { replicas: 2, airflowNamespaces: ['*'] };
  await helm.release('install', { release: 'ingestion', namespace: NAMESPACE, values });
}

async function tellMemory(pods: OperatorPods, situation: string): Promise<void> {
  // Long enough for the first comparison of everything.
  await sleep(15_000);
  tellFigure(`memory of the pods (the one that leads first), ${situation}`, await pods.memory());
}

/** A fake Airflow, as a real one would need an hour, and the fleet's client of it. */
async function startServers(
  { hostAddress: address }: Node,
  resources: Resources,
): Promise<() => Promise<void>> {
  const airflow = await startFakeAirflow({ generation: '3.3.0', address, openMetadata: 'ask' });
  const openMetadata = await startOpenMetadata({ version: '2.0.5', token: TOKEN, address });
  openMetadata.addService('databaseServices', { name: 'shop', serviceType: 'SQLite' });
  const servers = { airflowUrl: airflow.url, openMetadataUrl: openMetadata.url, username: 'admin' };
  await resources.apply(
    namespaceManifest(FLEET),
    secretManifest({ namespace: FLEET, name: 'credentials' }, { password: 'admin', token: TOKEN }),
    clientManifest({ namespace: FLEET, name: 'airflow' }, servers, {
      allowedNamespaces: { from: 'All' },
      limits: { deploysPerMinute: 600 },
    }),
  );
  return async () => {
    await Promise.all([airflow.stop(), openMetadata.stop()]);
  };
}

const { values } = parseArgs({ options: { pipelines: { type: 'string', default: '1000' } } });
await main(Options.parse(values));
