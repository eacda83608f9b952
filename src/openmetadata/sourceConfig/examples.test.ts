import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { IngestionPipelineSpec } from '../../api/ingestionPipeline.ts';
import type { JsonObject } from '../../domain/json.ts';
import { SecretValue } from '../../domain/secretValue.ts';
import { sourceConfigType } from '../../domain/sourceConfigType.ts';
import { setAtPath } from '../../domain/targetPath.ts';
import { parseVersion } from '../../domain/version.ts';
import { knownVersions } from './schemaLibrary.ts';
import { createSourceConfigValidator } from './validateSourceConfig.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples');
const Manifest = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  spec: z.unknown().optional(),
});
const Json: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const validate = createSourceConfigValidator();
const pipelines = readdirSync(EXAMPLES)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => parseAllDocuments(readFileSync(join(EXAMPLES, name), 'utf8')))
  .map((document) => Manifest.parse(document.toJS()))
  .filter(({ kind }) => kind === 'IngestionPipeline')
  .map(({ metadata, spec }) => ({ name: metadata.name, spec: IngestionPipelineSpec.parse(spec) }));

describe('the examples', () => {
  it('are there', () => {
    expect(pipelines.length).toBeGreaterThan(0);
  });

  it.each(pipelines.flatMap(({ name, spec }) => knownVersions.map((version) => ({ name, version, spec }))))(
    'have in $name what OpenMetadata $version takes',
    async ({ version, spec }) => {
      const { findings } = await validate({
        config: rendered(spec)['config'],
        configType:
          spec.sourceConfig.config.type ?? sourceConfigType(spec.pipelineType, spec.service.type) ?? '',
        serviceType: spec.service.type,
        version: parseVersion(version) ?? { major: 0, minor: 0 },
      });

      expect(findings).toEqual([]);
    },
  );
});

function rendered({ sourceConfig, valuesFrom = [] }: IngestionPipelineSpec): JsonObject {
  return valuesFrom.reduce<JsonObject>(
    (object, { targetPath }) => setAtPath(object, targetPath, new SecretValue('secret')) ?? object,
    Json.parse(sourceConfig),
  );
}
