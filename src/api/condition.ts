import { z } from 'zod';

import { counter, text, timestamp } from './fields.ts';

/** One condition, in the form that Kubernetes has for all kinds. */
export const Condition = z.object({
  type: z.string().min(1).max(316).meta({ description: 'What the condition is about.' }),
  status: z
    .enum(['True', 'False', 'Unknown'])
    .meta({ description: 'Whether it holds; Unknown while that cannot be told.' }),
  reason: z.string().min(1).max(1024).meta({ description: 'Why, as one word for programs.' }),
  message: text(32_768, 'Why, in a sentence for people: what is wrong, where, and what to do.'),
  lastTransitionTime: timestamp('When the status last changed.'),
  observedGeneration: counter('The generation of the object that this was found for.').optional(),
});

export type Condition = z.infer<typeof Condition>;

/** The conditions of a kind, at most one of each type. */
export const Conditions = z
  .array(Condition)
  .max(32)
  .meta({
    description: 'What was found out about this object, one entry for each type of condition.',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['type'],
  });
