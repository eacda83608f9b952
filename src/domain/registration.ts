import { createHash } from 'node:crypto';
import type { IngestionPipelineSpec } from '../api/ingestionPipeline.ts';
import { entityEnvelope, takesProvider } from './envelope.ts';
import { canonicalJson, dropNulls, isJsonObject, type JsonObject } from './json.ts';
import { appendMark, createMark, type Owner } from './mark.ts';
import type { Version } from './version.ts';

/** The provider of entities that the operator makes. */
export const AUTOMATION = 'automation';

export interface RegistrationInput {
  readonly owner: Owner;
  readonly name: string;
  readonly spec: IngestionPipelineSpec;
  /** The document as it stands in the ConfigMap, without any secret. */
  readonly publicDocument: JsonObject;
  readonly references: RegistrationReferences;
  readonly version: Version;
}

/** What the entity refers to, as OpenMetadata has it. */
export interface RegistrationReferences {
  readonly service: JsonObject;
  readonly owners: readonly JsonObject[];
  readonly domains: readonly string[];
}

export interface Registration {
  /** The CreateIngestionPipeline. */
  readonly request: JsonObject;
  /** Of all that the request says, 64 hexadecimal digits. No secret takes part in it. */
  readonly hash: string;
}

/**
 * What OpenMetadata is to show of a pipeline. Its mark has a hash of its own, not that of the configuration: where somebody
 * deploys the entity out of OpenMetadata, the DAG gets this description, and so is seen not to be what was declared.
 */
export function registrationOf(input: RegistrationInput): Registration {
  const content = contentOf(input);
  const hash = createHash('sha256').update(canonicalJson(content)).digest('hex');
  const description = appendMark(input.spec.description ?? '', createMark(input.owner, hash));
  return { request: { ...content, description }, hash };
}

/** `workflowTimeout` stays in seconds, as OpenMetadata documents it, unlike in the document for the managed APIs. */
function contentOf({ name, spec, publicDocument, references, version }: RegistrationInput): JsonObject {
  const { sourceConfig, loggerLevel, raiseOnError, enableStreamableLogs } = publicDocument;
  return plain({
    name,
    displayName: spec.displayName,
    description: spec.description,
    pipelineType: spec.pipelineType,
    service: references.service,
    sourceConfig,
    airflowConfig: toJson(spec.airflowConfig ?? {}),
    loggerLevel,
    raiseOnError,
    enableStreamableLogs,
    provider: takesProvider(version) ? AUTOMATION : undefined,
    ...entityEnvelope(references.owners, references.domains, version),
  });
}

function toJson(value: object): JsonObject {
  return plain(JSON.parse(JSON.stringify(value)));
}

function plain(value: JsonObject): JsonObject {
  const kept = dropNulls(value);
  return isJsonObject(kept) ? kept : {};
}
