import { z } from 'zod';

import { textOf } from './fields.ts';
import type { Grammar } from './fields.ts';
import { ENVIRONMENT_VARIABLE } from './grammars.ts';
import { SecretKeyReference } from './secretKeyReference.ts';

const TARGET_PATH: Grammar = {
  pattern: /^config(\.[A-Za-z0-9_-]+)+$/,
  maxLength: 512,
  message:
    'must be a path of keys with dots in between that starts with "config.", for example config.dbtConfigSource.dbtCloudAuthToken',
};

/** One secret value inside the source configuration. */
export const ValueFrom = z.object({
  targetPath: textOf(
    TARGET_PATH,
    'Where the value goes, counted from spec.sourceConfig: keys and list positions (from 0) with dots in between, such as config.dbtConfigSource.dbtCloudAuthToken.',
  ),
  secretKeyRef: SecretKeyReference.meta({ description: 'Where the value is.' }),
  env: textOf(
    ENVIRONMENT_VARIABLE,
    "Environment variable of Airflow that holds the same value. With it the document in the ConfigMap refers to the variable. Default: the value is left out of the ConfigMap's document.",
  ).optional(),
});

export type ValueFrom = z.infer<typeof ValueFrom>;
