import type { IngestionPipelineSpec } from '../api/ingestionPipeline.ts';
import { airflowOptions } from './airflowOptions.ts';
import { envelopeOf, reference } from './envelope.ts';
import { dropNulls, isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { appendMark, createMark, type Owner } from './mark.ts';
import { fullyQualifiedName } from './naming.ts';
import { sourceConfigType } from './sourceConfigType.ts';
import { setAtPath } from './targetPath.ts';
import { uuidOf } from './uuid.ts';
import type { Version } from './version.ts';

export interface DocumentInput {
  readonly owner: Owner;
  /** Name of the pipeline in OpenMetadata. */
  readonly name: string;
  readonly spec: IngestionPipelineSpec;
  /** Values to put into sourceConfig, by their paths. */
  readonly values: readonly { readonly targetPath: string; readonly value: JsonValue }[];
  readonly serverConnection: JsonObject;
  readonly openMetadataVersion: Version;
  /** Milliseconds since 1970. Airflow 3 takes it for the DAG's start date, so it must not move. */
  readonly createdAt: number;
}

export type DocumentResult =
  | { readonly ok: true; readonly document: JsonObject }
  /** A path of valuesFrom leads through something that is neither object nor list. */
  | { readonly ok: false; readonly targetPath: string };

/**
 * The workflow document of a pipeline, without the mark. It depends on nothing but its input: the ids in it are made from
 * names, since the plugin looks everything up by name, so that an unreachable OpenMetadata changes no document.
 */
export function renderDocument(input: DocumentInput): DocumentResult {
  const { spec, owner, name } = input;
  const sourceConfig = renderSourceConfig(input);
  if (!sourceConfig.ok) {
    return sourceConfig;
  }
  const document = dropNulls({
    id: uuidOf(`pipeline ${owner.ownerId}/${owner.namespace}/${owner.name}`),
    name,
    displayName: spec.displayName,
    description: spec.description,
    fullyQualifiedName: fullyQualifiedName(spec.service, name),
    pipelineType: spec.pipelineType,
    service: reference(spec.service.type, spec.service.name),
    sourceConfig: sourceConfig.document,
    airflowConfig: airflowOptions(spec.airflowConfig),
    loggerLevel: spec.loggerLevel ?? 'INFO',
    ...envelopeOf(spec, input.openMetadataVersion),
    updatedAt: input.createdAt,
    openMetadataServerConnection: input.serverConnection,
  });
  return { ok: true, document: isJsonObject(document) ? document : {} };
}

/** Puts the mark at the end of the description, where Airflow shows it in every list of DAGs. */
export function markDocument(document: JsonObject, owner: Owner, configHash: string): JsonObject {
  const description = typeof document.description === 'string' ? document.description : '';
  return { ...document, description: appendMark(description, createMark(owner, configHash)) };
}

function renderSourceConfig({ spec, values }: DocumentInput): DocumentResult {
  const type = sourceConfigType(spec.pipelineType, spec.service.type);
  let rendered: JsonObject = { config: { type, ...toJson(spec.sourceConfig.config) } };
  for (const { targetPath, value } of values) {
    const changed = setAtPath(rendered, targetPath, value);
    if (changed === undefined) {
      return { ok: false, targetPath };
    }
    rendered = changed;
  }
  return { ok: true, document: rendered };
}

/** The API server hands out nothing but JSON; this only tells the compiler. */
function toJson(value: unknown): JsonObject {
  const parsed: JsonValue = JSON.parse(JSON.stringify(value));
  return isJsonObject(parsed) ? parsed : {};
}
