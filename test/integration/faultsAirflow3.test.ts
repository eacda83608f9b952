import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GENERATIONS } from '../airflow/generations.ts';
import { airflow3Clients, airflow3Pipelines } from '../faults/airflow3.ts';
import { applyClientCases, applyPipelineCases, type Mends } from '../faults/applyCases.ts';
import { READY } from '../faults/case.ts';
import { type FaultWorld, HEALTHY, startFaultWorld } from '../faults/faultWorld.ts';
import { expectOfClient, proveClientCase, provePipelineCase } from '../faults/proveCases.ts';
import { everythingPublic } from '../harness/plantedSecrets.ts';

let world: FaultWorld;
let mends: Mends;

beforeAll(async () => {
  world = await startFaultWorld(GENERATIONS['3.3.0']);
  const pipelines = await applyPipelineCases(world, airflow3Pipelines);
  const clients = await applyClientCases(world, airflow3Clients);
  mends = new Map([...pipelines, ...clients]);
});

afterAll(async () => {
  await world?.stop();
});

describe('on Airflow 3 a client says of itself that', () => {
  test.each(airflow3Clients)('$situation', (clientCase) => proveClientCase(world, mends, clientCase));

  test('it is Ready, although the plugin accepts anyone', () => expectOfClient(world, HEALTHY, READY));
});

describe('on Airflow 3 a pipeline says of itself that', () => {
  test.each(airflow3Pipelines)('$situation', (pipelineCase) => provePipelineCase(world, mends, pipelineCase));
});

test('no secret is shown meanwhile', async () => {
  expect(world.secrets.findLeaks(await everythingPublic(world.cluster, [world.operator]))).toEqual([]);
});
