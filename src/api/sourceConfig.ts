import { z } from 'zod';

/** What a pipeline reads, as in OpenMetadata. Opaque here; judged against the server's version by the operator. */
export const SourceConfig = z.object({
  config: z
    .looseObject({
      type: z
        .string()
        .min(1)
        .max(64)
        .meta({
          description:
            'Which form the options have, such as DatabaseMetadata or Profiler. Default: the one that fits the pipeline type and the service type.',
        })
        .optional(),
    })
    .meta({
      description:
        'Options of the pipeline, in the words of OpenMetadata. At most 256 KiB as JSON. Unknown keys are reported in the condition Validated.',
      maxProperties: 256,
    }),
});

export type SourceConfig = z.infer<typeof SourceConfig>;
