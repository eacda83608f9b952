import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GENERATIONS } from '../airflow/generations.ts';
import { applyClientCases, applyPipelineCases, type Mends } from '../faults/applyCases.ts';
import { completeRole } from '../faults/airflowRoles.ts';
import { type PipelineCase, READY } from '../faults/case.ts';
import { credentials } from '../faults/credentials.ts';
import { type FaultWorld, namespace, startFaultWorld } from '../faults/faultWorld.ts';
import { hasDag } from '../faults/handMade.ts';
import { missingApis } from '../faults/missingApis.ts';
import { missingSecrets } from '../faults/missingSecrets.ts';
import { openMetadataClients } from '../faults/openMetadataClients.ts';
import { otherVersions } from '../faults/otherVersions.ts';
import { permissionPipelines, undeletable } from '../faults/permissionPipelines.ts';
import { expectOfPipeline, nudge, proveClientCase, provePipelineCase } from '../faults/proveCases.ts';
import { refusedPipelines } from '../faults/refusedPipelines.ts';
import { tlsClients } from '../faults/tlsClients.ts';
import { expectMounted, troubles } from '../faults/troubledPipelines.ts';
import { unreachableAirflow } from '../faults/unreachableAirflow.ts';
import { awaitingRegistration, unregisteredPipelines } from '../faults/unregisteredPipelines.ts';
import { everythingPublic } from '../harness/plantedSecrets.ts';

const clientCases = [
  ...unreachableAirflow,
  ...tlsClients,
  ...missingApis,
  ...credentials,
  ...missingSecrets,
  ...openMetadataClients,
  ...otherVersions,
];
const pipelineCases = [...refusedPipelines, ...permissionPipelines, ...unregisteredPipelines];
const wellAtFirst = troubles.map(({ spec, ...trouble }): PipelineCase => ({
  ...trouble,
  arrange: () => (spec === undefined ? {} : { spec }),
}));

/** Until the fault is told, and until it is told that it has gone; the first case waits for all that were applied at once. */
const TWO_WAITS = { timeout: 400_000 };

let world: FaultWorld;
let mends: Mends;

beforeAll(async () => {
  world = await startFaultWorld(GENERATIONS['2.10.5']);
  const pipelines = await applyPipelineCases(world, [...pipelineCases, ...wellAtFirst, undeletable]);
  const clients = await applyClientCases(world, clientCases);
  mends = new Map([...pipelines, ...clients]);
});

afterAll(async () => {
  await world?.stop();
});

describe('a client says of itself that', TWO_WAITS, () => {
  test.each(clientCases)('$situation', (clientCase) => proveClientCase(world, mends, clientCase));
});

describe('a pipeline says of itself that', TWO_WAITS, () => {
  test('the scheduler of Airflow has not read the file yet', async () => {
    await expectOfPipeline(world, awaitingRegistration.name, awaitingRegistration.finding);
  });

  test.each(pipelineCases)('$situation', (pipelineCase) => provePipelineCase(world, mends, pipelineCase));

  /** Who lacks can_delete alone is no case: Airflow 2 lets whoever may edit a DAG delete it, too. */
  test('the user lacks can_delete on DAGs, once it is to be deleted', async () => {
    const { name, finding } = undeletable;
    await expectOfPipeline(world, name, finding);
    const deletion = ['delete', 'ingestionpipeline', '--namespace', namespace, name];
    await world.cluster.kubectl(...deletion, '--wait=false');

    const message =
      /could not remove the DAG: the user lacks can_delete on DAGs\. Give that permission to a role/;
    await expectOfPipeline(world, name, { type: 'Ready', status: 'False', reason: 'Deleting', message });

    await completeRole(world.airflow, name);
    await world.cluster.kubectl(...deletion, '--timeout=60s', '--ignore-not-found');
    expect(await hasDag(world, `${namespace}_${name}`)).toBe(false);
  });
});

describe('a pipeline that was well says of itself that', TWO_WAITS, () => {
  test.each(troubles)('$situation', async ({ name, cause, finding }) => {
    await expectOfPipeline(world, name, READY);
    const end = await cause(world);
    await nudge(world, 'ingestionpipeline', name);
    await expectOfPipeline(world, name, finding);
    if (finding.reason === 'ConfigsDirectoryReadOnly') {
      await expectMounted(world, false);
    }

    await end();
    await nudge(world, 'ingestionpipeline', name);
    await expectOfPipeline(world, name, READY);
    await expectMounted(world, true);
  });
});

test('no secret is shown meanwhile', async () => {
  expect(world.secrets.findLeaks(await everythingPublic(world.cluster, [world.operator]))).toEqual([]);
});
