import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import type { Version } from '../../domain/version.ts';
import { describeFindings } from '../../openmetadata/sourceConfig/finding.ts';
import { stalled } from '../shared/halt.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

/**
 * Compares the rendered source configuration with what this OpenMetadata takes. Halts where it refuses something;
 * returns what is worth saying otherwise, or an empty text. Checks nothing while the version is not known.
 */
export async function checkSourceConfig(
  deps: Pick<PipelineDependencies, 'validateSourceConfig'>,
  { pipeline }: Pass,
  document: JsonObject,
  version: Version | undefined,
): Promise<string> {
  const config = isJsonObject(document['sourceConfig']) ? document['sourceConfig']['config'] : undefined;
  if (version === undefined || !isJsonObject(config) || typeof config['type'] !== 'string') {
    return '';
  }
  const { findings, checkedWith, note } = await deps.validateSourceConfig({
    config,
    configType: config['type'],
    serviceType: pipeline.spec.service.type,
    version,
  });
  const told = [describeFindings(findings), note]
    .filter((text) => text !== undefined && text !== '')
    .join('. ');
  if (findings.some(({ severity }) => severity === 'error')) {
    throw stalled({
      type: 'Validated',
      reason: 'InvalidSourceConfig',
      message: `spec.sourceConfig is not what OpenMetadata ${checkedWith} takes: ${told}.`,
    });
  }
  return told;
}
