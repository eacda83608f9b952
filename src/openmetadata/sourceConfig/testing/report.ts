import type { ServiceType } from '../../../api/pipelineType.ts';
import type { JsonValue } from '../../../domain/json.ts';
import { parseVersion } from '../../../domain/version.ts';
import { describeFindings } from '../finding.ts';
import { createSourceConfigValidator, type SourceConfigReport } from '../validateSourceConfig.ts';

export interface Question {
  readonly version: string;
  readonly type: string;
  /** A database service when left out. */
  readonly service?: ServiceType;
  readonly config: JsonValue;
}

const validate = createSourceConfigValidator();

export function reportOn({ version, type, service, config }: Question): Promise<SourceConfigReport> {
  const parsed = parseVersion(version);
  if (parsed === undefined) throw new Error(`${version} is no version`);
  return validate({ config, configType: type, serviceType: service ?? 'databaseService', version: parsed });
}

/** The findings as people read them. */
export async function toldOf(question: Question): Promise<string> {
  return describeFindings((await reportOn(question)).findings);
}
