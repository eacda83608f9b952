/** The part of an OpenMetadata EntityReference that a pipeline document needs. */
export interface ServiceReference {
  readonly id: string;
  readonly name: string;
  readonly fullyQualifiedName: string;
}

/** The OpenMetadata server, read only. Verbs throw {@link OpenMetadataError} when it cannot be told. */
export interface OpenMetadata {
  /** Its version, e.g. `1.10.2`. Needs no token. */
  version(signal: AbortSignal): Promise<string>;
  /** The service by name and EntityReference type (`databaseService`, `testSuite`, …), or undefined if there is none. */
  findService(type: string, name: string, signal: AbortSignal): Promise<ServiceReference | undefined>;
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
