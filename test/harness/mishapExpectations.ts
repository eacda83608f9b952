import { expect } from 'vitest';
import type { Dag } from '../../src/domain/dag.ts';
import { conditionOf, expectReady } from './expectations.ts';
import { type Mishap, pipelineOf } from './mishaps.ts';
import type { Situation } from './situation.ts';

/** Ready, and Airflow runs what the status says, paused or not as declared. */
export function expectWell({ pipeline, dag }: Situation, name: string): void {
  const { spec, status } = pipeline(name);
  expectReady(pipeline(name));
  expect(dag(name)).toMatchObject({
    isActive: true,
    isPaused: spec.suspend === true,
    hasImportErrors: false,
    description: expect.stringContaining(` ${status?.deployed?.hash.slice(0, 12)}]`),
  });
}

/** Nothing that was read before it happened tells what came of it. */
export function expectSince({ at }: Situation, happened = Infinity): void {
  expect(at).toBeGreaterThan(happened);
}

/** What the conditions Deployed and Enabled say with driftPolicy Warn, and how the DAG is left. */
const REPORTED: Record<Mishap, { readonly says: readonly string[]; readonly dag: Partial<Dag> | undefined }> =
  {
    deleted: { says: ['False DriftDetected', 'True Enabled'], dag: undefined },
    // Its file brings it back, paused as every new DAG.
    erased: { says: ['True Deployed', 'False DriftDetected'], dag: { isPaused: true } },
    paused: { says: ['True Deployed', 'False DriftDetected'], dag: { isPaused: true } },
    suspended: { says: ['True Deployed', 'False DriftDetected'], dag: { isPaused: false } },
    edited: { says: ['False DriftDetected', 'True Enabled'], dag: { description: '' } },
    broken: { says: ['False DagImportError', 'True Enabled'], dag: { hasImportErrors: true } },
  };

export function expectReported({ pipeline, dag }: Situation, mishap: Mishap): void {
  const name = pipelineOf(mishap, 'Warn');
  const found = ['Deployed', 'Enabled'].map((type) => conditionOf(pipeline(name), type));
  const { says, dag: left } = REPORTED[mishap];
  expect(found.map((condition) => `${condition?.status} ${condition?.reason}`)).toEqual(says);
  if (left === undefined) {
    expect(dag(name)).toBeUndefined();
  } else {
    expect(dag(name)).toMatchObject(left);
  }
  if (mishap === 'broken') {
    expect(found[0]?.message).toContain('broken by hand');
  }
}

export function expectDeployedSince({ pipeline }: Situation, name: string, before: string | undefined): void {
  expect(pipeline(name).status?.deployed?.time).not.toBe(before);
}
