import { z } from 'zod';

import { text } from './fields.ts';
import { rules } from './rule.ts';

const LABEL_KEY_LENGTH = 317;
const LABEL_VALUE_LENGTH = 63;

const LabelRequirement = z
  .object({
    key: text(LABEL_KEY_LENGTH, 'The label.').min(1),
    operator: z
      .enum(['In', 'NotIn', 'Exists', 'DoesNotExist'])
      .meta({ description: 'What must hold for the label.' }),
    values: z
      .array(text(LABEL_VALUE_LENGTH, 'A value of the label.'))
      .max(64)
      .meta({
        description: 'Values for In and NotIn; absent for Exists and DoesNotExist. Default: none.',
        'x-kubernetes-list-type': 'set',
      })
      .optional(),
  })
  .meta({
    description: 'One requirement on a label.',
    ...rules({
      rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
      message:
        'values are needed for the operators In and NotIn, and not allowed for Exists and DoesNotExist',
    }),
  });

/** Which objects are meant, by their labels; all parts must hold. */
export const LabelSelector = z.object({
  matchLabels: z
    .record(z.string().max(LABEL_KEY_LENGTH), text(LABEL_VALUE_LENGTH, 'The value that the label must have.'))
    .meta({ description: 'Labels and the values that they must have. Default: none.', maxProperties: 64 })
    .optional(),
  matchExpressions: z
    .array(LabelRequirement)
    .max(64)
    .meta({
      description: 'Further requirements on labels. Default: none.',
      'x-kubernetes-list-type': 'atomic',
    })
    .optional(),
});

export type LabelSelector = z.infer<typeof LabelSelector>;

/** From which namespaces pipelines may refer to a client. */
export const AllowedNamespaces = z
  .object({
    from: z
      .enum(['Same', 'All', 'Selector'])
      .meta({
        description:
          'Same: only the namespace of the client. All: every namespace. Selector: the namespaces that selector chooses. Default: Same.',
      })
      .optional(),
    selector: LabelSelector.meta({
      description:
        'Labels of the namespaces; an empty one chooses all. Needed with from: Selector, and only there. Default: none.',
      'x-kubernetes-map-type': 'atomic',
    }).optional(),
  })
  .meta(
    rules({
      rule: "has(self.selector) == (has(self.from) && self.from == 'Selector')",
      message: 'selector is needed with from: Selector, and not allowed otherwise',
    }),
  );

export type AllowedNamespaces = z.infer<typeof AllowedNamespaces>;
