import { expect } from 'vitest';
import type { Condition } from '../../src/api/condition.ts';
import { ANNOTATIONS } from '../../src/api/group.ts';
import { conditionOf } from '../harness/expectations.ts';
import { eventually } from '../support/eventually.ts';
import type { Mends } from './applyCases.ts';
import { type ClientCase, type Finding, type PipelineCase, READY } from './case.ts';
import { type FaultWorld, namespace } from './faultWorld.ts';

const PATIENCE = { timeoutMs: 150_000, intervalMs: 250 };

/** The status tells the fault and, where it can be mended, that it is gone. The client goes at the end, to spare Airflow. */
export async function proveClientCase(
  world: FaultWorld,
  mends: Mends,
  { name, finding }: ClientCase,
): Promise<void> {
  await expectOfClient(world, name, finding);
  const mend = mends.get(name);
  if (mend !== undefined) {
    await mend();
    await nudge(world, 'pipelineserviceclient', name);
    await expectOfClient(world, name, READY);
  }
  await world.cluster.kubectl('delete', 'pipelineserviceclient', '--namespace', namespace, name);
}

/** The status tells the fault and, where it can be mended, that it is gone. */
export async function provePipelineCase(
  world: FaultWorld,
  mends: Mends,
  { name, finding }: PipelineCase,
): Promise<void> {
  await expectOfPipeline(world, name, finding);
  const mend = mends.get(name);
  if (mend !== undefined) {
    await mend();
    await nudge(world, 'ingestionpipeline', name);
    await expectOfPipeline(world, name, READY);
  }
}

/** Waits until the status of the client has it. */
export function expectOfClient(world: FaultWorld, name: string, finding: Finding): Promise<void> {
  return eventually(async () => {
    expectFinding(conditionOf(await world.cluster.client(`${namespace}/${name}`), finding.type), finding);
  }, PATIENCE);
}

/** Waits until the status of the pipeline has it. */
export function expectOfPipeline(world: FaultWorld, name: string, finding: Finding): Promise<void> {
  return eventually(async () => {
    expectFinding(conditionOf(await world.cluster.pipeline(`${namespace}/${name}`), finding.type), finding);
  }, PATIENCE);
}

/** Asks the operator to look at it now. */
export async function nudge(
  { cluster }: FaultWorld,
  kind: 'ingestionpipeline' | 'pipelineserviceclient',
  name: string,
): Promise<void> {
  const value = `${ANNOTATIONS.requestedAt}=${Date.now()}`;
  await cluster.kubectl('annotate', '--overwrite', '--namespace', namespace, kind, name, value);
}

function expectFinding(condition: Condition | undefined, { message, ...finding }: Finding): void {
  expect(condition).toMatchObject(finding);
  expect(condition?.message).toMatch(message);
}
