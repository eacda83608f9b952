import { z } from 'zod';

import { text } from './fields.ts';

/** A user or team of OpenMetadata. */
export const Owner = z.object({
  type: z.enum(['user', 'team']).meta({ description: 'Whether the owner is a user or a team.' }),
  name: text(256, 'Name of the user or team in OpenMetadata.').min(1),
});

export type Owner = z.infer<typeof Owner>;

export const Owners = z
  .array(Owner)
  .max(32)
  .meta({
    description:
      'Who owns the pipeline in OpenMetadata. The first name becomes the owner of the task in Airflow. Default: none.',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['type', 'name'],
  });

export const Domains = z.array(text(512, 'Fully qualified name of a domain.').min(1)).max(32).meta({
  description:
    'Domains of OpenMetadata that the pipeline belongs to, by fully qualified name. OpenMetadata 1.5 to 1.8 takes the first, earlier ones none. Default: none.',
  'x-kubernetes-list-type': 'set',
});

export const Tags = z.array(text(256, 'Fully qualified name of a tag.').min(1)).max(32).meta({
  description:
    'Tags of OpenMetadata on the pipeline, by fully qualified name, such as Tier.Tier1. Recorded here only: the managed APIs take none. Default: none.',
  'x-kubernetes-list-type': 'set',
});
