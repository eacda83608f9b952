import { expect } from 'vitest';
import type { Condition } from '../../src/api/condition.ts';
import type { IngestionPipeline } from '../../src/api/ingestionPipeline.ts';

export function conditionOf(
  resource: { readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined },
  type: string,
): Condition | undefined {
  return resource.status?.conditions?.find((condition) => condition.type === type);
}

/** Ready for the generation that was declared last. */
export function expectReady(pipeline: IngestionPipeline): void {
  expect(pipeline.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', status: 'True' }),
  );
  expect(pipeline.status?.observedGeneration).toBe(pipeline.metadata.generation);
}
