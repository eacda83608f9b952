import { describe, expect, it } from 'vitest';
import type { Verb } from '../../airflow/verbs.ts';
import { shardOfLoader } from '../../domain/loaderFile.ts';
import { KubeError } from '../../kube/kubeError.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import { DAG_ID, PIPELINE_KEY } from '../testing/manifests.ts';
import { keepMounted, setDelivery } from '../testing/mountedWorld.ts';
import { condition, deployedWorld, type World } from '../testing/world.ts';

type DriftPolicy = 'Correct' | 'Warn';

const POLICIES = ['Correct', 'Warn'] as const;
const CALLS: readonly Verb[] = ['disable', 'removeFiles', 'getDag', 'listRuns', 'enable'];
const ERRORS = [airflowError('timeout'), airflowError('serverError'), new Error('killed')] as const;

const cases = POLICIES.flatMap((driftPolicy) =>
  CALLS.flatMap((verb) =>
    ERRORS.flatMap((error) =>
      (['before', 'after'] as const).map((moment) => ({ driftPolicy, verb, error, moment })),
    ),
  ),
);

/** Its document is mounted already, beside the plugin's file. */
async function postedWorld(driftPolicy: DriftPolicy): Promise<World> {
  const world = await deployedWorld({ driftPolicy });
  keepMounted(world);
  await world.pass(60);
  return world;
}

function expectHandedOver(world: World): void {
  const row = world.airflow.rows.get(DAG_ID);
  expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  expect(shardOfLoader(row?.fileLocation ?? '')).toBeDefined();
  expect(row?.isPaused).toBe(false);
  expect(world.events.of('DriftCorrected')).toEqual([]);
  expect(world.events.of('DriftDetected')).toEqual([]);
}

describe('a hand-over to the mounted loader that is cut short', () => {
  it.each(cases)(
    'is finished, and nobody is blamed for its pause: $driftPolicy, $error.message, $moment $verb',
    async ({ driftPolicy, verb, error, moment }) => {
      const world = await postedWorld(driftPolicy);
      setDelivery(world, 'ConfigMap');
      if (verb === 'getDag' || verb === 'listRuns') {
        world.airflow.afterNext('disable', () => world.airflow.failOnce(verb, error, moment));
      } else {
        world.airflow.failOnce(verb, error, moment);
      }
      await world.pass(5);
      world.restart();
      await world.pass(300);

      expectHandedOver(world);
    },
  );

  it.each(POLICIES)(
    'by the API server is finished all the same, with driftPolicy %s',
    async (driftPolicy) => {
      const world = await postedWorld(driftPolicy);
      world.airflow.afterNext('disable', () =>
        world.pipelines.refuseWrites(new KubeError('unavailable', PIPELINE_KEY)),
      );
      setDelivery(world, 'ConfigMap');
      await world.pass(30);
      expect(world.operator().thrown().length).toBeGreaterThan(0);

      world.pipelines.refuseWrites(undefined);
      await world.pass(300);

      expectHandedOver(world);
    },
  );
});
