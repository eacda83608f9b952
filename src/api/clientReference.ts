import { z } from 'zod';

import { textOf } from './fields.ts';
import { NAMESPACE_NAME, OBJECT_NAME } from './grammars.ts';

/** Which PipelineServiceClient a pipeline uses. */
export const ClientReference = z.object({
  name: textOf(OBJECT_NAME, 'Name of the PipelineServiceClient.'),
  namespace: textOf(
    NAMESPACE_NAME,
    'Its namespace, which it must open with spec.allowedNamespaces. Default: the namespace of the pipeline.',
  ).optional(),
});

export type ClientReference = z.infer<typeof ClientReference>;
