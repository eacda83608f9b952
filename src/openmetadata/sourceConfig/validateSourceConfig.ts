import type { ServiceType } from '../../api/pipelineType.ts';
import { isAtLeast, parseVersion, type Version } from '../../domain/version.ts';
import { isJsonObject, type JsonValue } from '../../domain/json.ts';
import { checkValue } from './checkValue.ts';
import { explainFault } from './explainFault.ts';
import { isIgnored, type Fault } from './fault.ts';
import type { Finding } from './finding.ts';
import { formsOf } from './places.ts';
import { createSchemaLibrary, knownVersions, type SchemaLibrary } from './schemaLibrary.ts';
import type { Setting, VersionSchema } from './setting.ts';
import { explainUnknownType } from './explainUnknownType.ts';

export interface SourceConfigInput {
  /** `spec.sourceConfig.config`, as it goes to OpenMetadata. Values out of Secrets may still be wrapped. */
  readonly config: JsonValue;
  /** Its `type`, given or concluded. */
  readonly configType: string;
  /** The `type` of the service it belongs to. */
  readonly serviceType: ServiceType;
  /** Of OpenMetadata. */
  readonly version: Version;
}

export interface SourceConfigReport {
  /** The worst first, and not more than a person corrects at a time. */
  readonly findings: readonly Finding[];
  /** The minor version whose schema was used. */
  readonly checkedWith: string;
  /** Says so where that is not the version of the server. */
  readonly note: string | undefined;
}

/** Compares a source configuration with what a version of OpenMetadata takes. No findings: it fits. */
export type SourceConfigValidator = (input: SourceConfigInput) => Promise<SourceConfigReport>;

const MOST_FINDINGS = 20;

/** Makes a validator, which keeps the schemas that it has read. */
export function createSourceConfigValidator(): SourceConfigValidator {
  const library = createSchemaLibrary();
  return async (input) => {
    const { version, note, isOutdated } = chooseVersion(input.version);
    const schema = await library.load(version);
    const { configType, serviceType } = input;
    const [form] = formsOf(schema, configType, serviceType);
    if (form === undefined) {
      const setting = { configType, serviceType, version, schema, isOutdated };
      const finding = explainUnknownType(setting, await loadAll(library));
      return { findings: [finding], checkedWith: version, note };
    }
    const faults = checkValue(withType(input), form, ['config'], schema.definitions);
    const setting = { configType, serviceType, version, schema, form, isOutdated };
    return { findings: await explain(library, faults, setting), checkedWith: version, note };
  };
}

interface Choice {
  readonly version: string;
  readonly note?: string;
  readonly isOutdated: boolean;
}

/** Only an unknown key is looked up in the other versions, which then all have to be read. */
async function explain(
  library: SchemaLibrary,
  faults: readonly Fault[],
  setting: Setting,
): Promise<Finding[]> {
  const others = faults.some(({ kind }) => kind === 'unknownKey') ? await loadAll(library) : [];
  const [ignored, refused] = [faults.filter(isIgnored), faults.filter((fault) => !isIgnored(fault))];
  return [...refused, ...ignored]
    .slice(0, MOST_FINDINGS)
    .map((fault) => explainFault(fault, setting, others));
}

function loadAll(library: SchemaLibrary): Promise<VersionSchema[]> {
  return Promise.all(
    knownVersions.map(async (version) => ({ version, schema: await library.load(version) })),
  );
}

/** Rendering adds the type where people leave it out. */
function withType({ config, configType }: SourceConfigInput): JsonValue {
  return isJsonObject(config) ? { ...config, type: config['type'] ?? configType } : config;
}

function chooseVersion({ major, minor }: Version): Choice {
  const wanted = `${major}.${minor}`;
  const [oldest = '', newest = ''] = [knownVersions[0], knownVersions.at(-1)];
  const suitable = knownVersions.findLast((version) => isNotAfter(version, { major, minor }));
  if (suitable === wanted) return { version: suitable, isOutdated: false };
  const version = suitable ?? oldest;
  const note = `this operator knows OpenMetadata ${oldest} to ${newest}, not ${wanted}; ${version} was taken instead`;
  return { version, note, isOutdated: suitable !== undefined };
}

function isNotAfter(known: string, { major, minor }: Version): boolean {
  const version = parseVersion(known);
  return version !== undefined && isAtLeast({ major, minor }, version.major, version.minor);
}
