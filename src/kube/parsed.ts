import type { z } from 'zod';
import { isKubeError, KubeError } from './kubeError.ts';

/** What the schema makes of an answer. Throws KubeError, without the values that did not fit. */
export function parsed<T>(schema: z.ZodType<T>, raw: unknown, operation: string): T {
  const result = schema.safeParse(raw);
  if (!result.success) {
    throw new KubeError('unexpected', operation, { reason: 'MalformedObject' });
  }
  return result.data;
}

/** The result, or undefined where the API server knows no such object. */
export async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isKubeError(error, 'notFound')) {
      return undefined;
    }
    throw error;
  }
}
