import type { OpenMetadata, OpenMetadataError } from '../../openmetadata/openMetadata.ts';

/** A simulated OpenMetadata server; everything may be changed at will. */
export interface OpenMetadataDoor {
  readonly openMetadata: OpenMetadata;
  version: string;
  /** As `databaseService mysql_prod`. */
  readonly services: Set<string>;
  /** What every call, or only the question for a service, fails with. */
  down: OpenMetadataError | undefined;
  serviceFault: OpenMetadataError | undefined;
}

export function createOpenMetadataDoor(): OpenMetadataDoor {
  const state: OpenMetadataDoor = {
    version: '1.10.2',
    services: new Set(['databaseService mysql_prod']),
    down: undefined,
    serviceFault: undefined,
    openMetadata: {
      async version() {
        throwFirst(state.down);
        return state.version;
      },
      async findService(type, name) {
        throwFirst(state.down, state.serviceFault);
        return state.services.has(`${type} ${name}`)
          ? { id: name, name, fullyQualifiedName: name }
          : undefined;
      },
      close() {},
    },
  };
  return state;
}

function throwFirst(...errors: readonly (Error | undefined)[]): void {
  const error = errors.find((candidate) => candidate !== undefined);
  if (error !== undefined) {
    throw error;
  }
}
