import type { JsonObject } from '../domain/json.ts';
import type { RegisteredEntity } from '../domain/registeredEntity.ts';

/** The part of an OpenMetadata EntityReference that a pipeline document needs. */
export interface ServiceReference {
  readonly id: string;
  readonly name: string;
  readonly fullyQualifiedName: string;
}

/** The ingestion pipelines that the server shows. Verbs throw {@link OpenMetadataError} when it cannot be told. */
export interface PipelineEntities {
  /** By fully qualified name, softly deleted ones too; undefined if there is none. */
  find(fullyQualifiedName: string, signal: AbortSignal): Promise<RegisteredEntity | undefined>;
  /** Creates or updates, from a CreateIngestionPipeline. Nothing is deployed by that unless the server did so before. */
  put(request: JsonObject, signal: AbortSignal): Promise<RegisteredEntity>;
  /** For good. The server then deletes the DAG of that name in the Airflow that it is configured with, too. */
  remove(id: string, signal: AbortSignal): Promise<void>;
}

/** The OpenMetadata server. Verbs throw {@link OpenMetadataError} when it cannot be told. */
export interface OpenMetadata {
  /** Its version, e.g. `1.10.2`. Needs no token. */
  version(signal: AbortSignal): Promise<string>;
  /** The service by name and EntityReference type (`databaseService`, `testSuite`, …), or undefined if there is none. */
  findService(type: string, name: string, signal: AbortSignal): Promise<ServiceReference | undefined>;
  /** The id of a user or team by name, or of a domain by fully qualified name; undefined if there is none. */
  findId(type: 'user' | 'team' | 'domain', name: string, signal: AbortSignal): Promise<string | undefined>;
  readonly pipelines: PipelineEntities;
  /** What the server runs its own pipelines with: `Airflow`, `Kubernetes`, …; `disabled` where it runs none. */
  pipelinePlatform(signal: AbortSignal): Promise<string>;
  /** Releases pooled connections. */
  close(): void;
}

export type OpenMetadataErrorKind =
  | 'connectionRefused'
  | 'dnsFailed'
  | 'timeout'
  | 'tlsUntrusted'
  | 'tlsMismatch'
  | 'tokenRejected'
  | 'notOpenMetadata'
  | 'unknownServiceType'
  /** The token is good, and its bot may not do this. */
  | 'permissionDenied'
  /** OpenMetadata does not take what it was sent. */
  | 'refused'
  | 'serverError';

/** A failed call to OpenMetadata. The message never repeats a response body or a header. */
export class OpenMetadataError extends Error {
  readonly kind: OpenMetadataErrorKind;

  constructor(kind: OpenMetadataErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OpenMetadataError';
    this.kind = kind;
  }
}
