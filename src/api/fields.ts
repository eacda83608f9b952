import { z } from 'zod';

import { rules } from './rule.ts';

export interface Grammar {
  readonly pattern: RegExp;
  readonly maxLength: number;
  /** Says what is allowed; shown by the API server. */
  readonly message: string;
}

/** Text of at most `maxLength` characters. */
export function text(maxLength: number, description: string): z.ZodString {
  return z.string().max(maxLength).meta({ description });
}

/** Text that follows a grammar, checked here and, as CEL with a readable message, by the API server. */
export function textOf(grammar: Grammar, description: string): z.ZodString {
  const { pattern, maxLength, message } = grammar;
  return z
    .string()
    .max(maxLength)
    .refine((value) => pattern.test(value), message)
    .meta({ description, ...rules({ rule: `self.matches(r'${pattern.source}')`, message }) });
}

export function flag(description: string): z.ZodBoolean {
  return z.boolean().meta({ description });
}

/** A whole number within bounds, both included. */
export function wholeNumber(minimum: number, maximum: number, description: string): z.ZodInt {
  return z.int().min(minimum).max(maximum).meta({ description });
}

/** A whole number of 64 bits, not negative. */
export function counter(description: string): z.ZodInt {
  return z.int().min(0).meta({ description, format: 'int64' });
}

/** A moment as RFC 3339 text. */
export function timestamp(description: string): z.ZodString {
  return z.string().meta({ description, format: 'date-time' });
}
