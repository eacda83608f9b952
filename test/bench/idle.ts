import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startFakeWorld } from '../harness/fakeWorld.ts';
import { createFleet, createFleetClient, untilFleetIsReady } from '../harness/fleet.ts';
import { secondsSince, tellFigure } from '../support/figures.ts';
import { measureIdleCalls } from './idleCalls.ts';
import { measureLoneRuns, measureRunWave } from './runLatency.ts';
import { measureRotation } from './rotation.ts';
import { watchRuns } from './watchedRuns.ts';

const NAMESPACE = 'bench';
const Options = z.object({
  pipelines: z.coerce.number().int().positive(),
  minutes: z.coerce.number().positive(),
  runs: z.coerce.number().int().positive(),
});

/**
 * What many pipelines of one client cost while nothing happens, and how soon the end of a run is on its resource. The
 * operator is a process of its own with its default settings; Airflow is the fake one, answering in 20 ms.
 */
async function main({ pipelines, minutes, runs }: z.infer<typeof Options>): Promise<void> {
  const world = await startFakeWorld({
    generation: '3.3.0',
    latencyMilliseconds: 20,
    runDurationMilliseconds: Infinity,
  });
  const stop = new AbortController();
  try {
    await createFleetClient(world);
    await world.cluster.startOperator();
    const started = Date.now();
    const names = await createFleet(world.cluster, NAMESPACE, pipelines);
    await untilFleetIsReady(world.cluster, pipelines, 1_200_000);
    tellFigure(
      `${pipelines} new pipelines to all Ready, 600 deploys a minute allowed`,
      secondsSince(started),
    );

    await measureIdleCalls(world, minutes);
    const watched = watchRuns(
      { kubeconfig: world.cluster.plane.adminKubeconfig, namespace: NAMESPACE },
      stop.signal,
    );
    const dagIds = names.map((name) => `${NAMESPACE}_${name}`);
    await measureRunWave(world.airflow, watched, dagIds.slice(0, runs));
    await measureLoneRuns(world.airflow, watched, dagIds.slice(-5));
    await measureRotation(world);
  } finally {
    stop.abort();
    await world.stop();
  }
}

const { values } = parseArgs({
  options: {
    pipelines: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '5' },
    runs: { type: 'string', default: '200' },
  },
});
await main(Options.parse(values));
