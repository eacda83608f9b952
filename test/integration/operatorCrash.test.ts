import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { readMark } from '../../src/domain/mark.ts';
import type { AirflowGeneration } from '../fakes/airflow/fakeAirflow.ts';
import { type FakeWorld, startFakeWorld } from '../harness/fakeWorld.ts';
import { clientManifest } from '../harness/manifests.ts';
import { rollOutUnderKills } from '../harness/rollout.ts';

const Document = z.object({ name: z.string(), description: z.string() });

let world: FakeWorld | undefined;

afterEach(async () => {
  await world?.stop();
});

test.each<AirflowGeneration>(['2.7.3', '3.3.0'])(
  'thirty pipelines all become Ready on Airflow %s, each deployed once, though the operator is killed ten times',
  async (generation) => {
    world = await startFakeWorld({
      generation,
      registrationDelayMilliseconds: 1_500,
      deployLatencyMilliseconds: 250,
      latencyMilliseconds: 10,
    });
    await world.createNamespace('crash');
    const limits = { deploysPerMinute: 120 };
    await world.cluster.apply(
      clientManifest({ namespace: 'crash', name: 'airflow' }, world.servers, { limits }),
    );

    const lives = await rollOutUnderKills({
      cluster: world.cluster,
      namespace: 'crash',
      pipelines: 30,
      kills: 10,
      lifetime: [800, 4_000],
      flags: { 'verification-seconds': '10' },
      timeout: 120_000,
    });

    const deployed = world.airflow.deploys().map((body) => Document.parse(JSON.parse(body)));
    const configurations = deployed.map(({ name, description }) => `${name} ${readMark(description)?.hash}`);
    expect(lives).toHaveLength(10);
    expect(configurations.toSorted()).toEqual([...new Set(configurations)].toSorted());
    expect(configurations).toHaveLength(30);
    expect(world.airflow.dags().every(({ isPaused }) => !isPaused)).toBe(true);
  },
);
