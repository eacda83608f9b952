import type { ServiceType } from '../../api/pipelineType.ts';
import type { Shape, SourceConfigSchema } from './shape.ts';

/** What a source configuration is measured by. */
export interface Setting {
  readonly configType: string;
  readonly serviceType: ServiceType;
  /** The minor version whose schema is used. */
  readonly version: string;
  readonly schema: SourceConfigSchema;
  readonly form: Shape;
  /** The server is newer than the schema, so that what the schema does not know may be right. */
  readonly isOutdated: boolean;
}

/** The schema of a version, for telling where else something is known. */
export interface VersionSchema {
  readonly version: string;
  readonly schema: SourceConfigSchema;
}
