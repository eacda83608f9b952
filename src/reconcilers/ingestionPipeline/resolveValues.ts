import type { SecretValue } from '../../domain/secretValue.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

/** A value of `spec.valuesFrom`, and where in the source configuration it belongs. */
export interface ResolvedValue {
  readonly targetPath: string;
  readonly value: SecretValue;
}

/** Reads the Secrets behind `spec.valuesFrom`. Throws MissingReference and KubeError. */
export async function resolveValues(
  { secrets }: Pick<PipelineDependencies, 'secrets'>,
  { owner, pipeline }: Pass,
): Promise<ResolvedValue[]> {
  const values: ResolvedValue[] = [];
  for (const { targetPath, secretKeyRef } of pipeline.spec.valuesFrom ?? []) {
    const field = `spec.valuesFrom (${targetPath})`;
    values.push({ targetPath, value: await secrets.secret(owner.namespace, secretKeyRef, field) });
  }
  return values;
}
