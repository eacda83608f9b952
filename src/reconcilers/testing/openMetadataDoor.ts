import type { JsonObject } from '../../domain/json.ts';
import type { RegisteredEntity } from '../../domain/registeredEntity.ts';
import type { OpenMetadata, OpenMetadataError } from '../../openmetadata/openMetadata.ts';

/** A simulated OpenMetadata server; everything may be changed at will. */
export interface OpenMetadataDoor {
  readonly openMetadata: OpenMetadata;
  version: string;
  /** What the server runs its own pipelines with. */
  platform: string;
  /** As `databaseService mysql_prod`; ids are these texts, too. */
  readonly services: Set<string>;
  /** As `team sales` and `domain Sales`. */
  readonly catalogue: Set<string>;
  /** The ingestion pipelines, by fully qualified name. */
  readonly entities: Map<string, PipelineRow>;
  /** What was done to them, in order, as `put mysql_prod.team-a_orders`; reading them is `find …`. */
  readonly history: string[];
  /** What the server does in Airflow when an entity is deleted; nothing, where it has no Airflow. */
  onDelete: (name: string) => void;
  /** Happens while the server is asked for a service. */
  onFindService: () => Promise<void>;
  /** What every call, or only the question for a service, or only what is about entities, fails with. */
  down: OpenMetadataError | undefined;
  serviceFault: OpenMetadataError | undefined;
  entityFault: OpenMetadataError | undefined;
}

export interface PipelineRow extends RegisteredEntity {
  /** As it was sent last. */
  readonly request: JsonObject;
}

export function createOpenMetadataDoor(): OpenMetadataDoor {
  const entities = new Map<string, PipelineRow>();
  const history: string[] = [];
  let lastId = 0;

  function put(request: JsonObject): PipelineRow {
    const service = text(request['service'], 'id');
    const name = `${service.slice(service.indexOf(' ') + 1)}.${text(request, 'name')}`;
    const known = entities.get(name);
    lastId += 1;
    const row: PipelineRow = {
      id: known?.id ?? `entity-${lastId}`,
      description: text(request, 'description'),
      provider: text(request, 'provider'),
      version: (known?.version ?? 0) + 1,
      deleted: false,
      scheduleInterval: text(request['airflowConfig'], 'scheduleInterval') || undefined,
      request,
    };
    entities.set(name, row);
    history.push(`put ${name}`);
    return row;
  }

  function remove(id: string): void {
    const [name, row] = [...entities].find(([, candidate]) => candidate.id === id) ?? [];
    if (name !== undefined && row !== undefined) {
      entities.delete(name);
      history.push(`remove ${name}`);
      state.onDelete(text(row.request, 'name'));
    }
  }

  const state: OpenMetadataDoor = {
    version: '1.10.2',
    platform: 'Airflow',
    services: new Set(['databaseService mysql_prod']),
    catalogue: new Set(),
    entities,
    history,
    onDelete: () => {},
    onFindService: async () => {},
    down: undefined,
    serviceFault: undefined,
    entityFault: undefined,
    openMetadata: {
      async version() {
        throwFirst(state.down);
        return state.version;
      },
      async findService(type, name) {
        throwFirst(state.down, state.serviceFault);
        await state.onFindService();
        const id = `${type} ${name}`;
        return state.services.has(id) ? { id, name, fullyQualifiedName: name } : undefined;
      },
      async findId(type, name) {
        throwFirst(state.down);
        const id = `${type} ${name}`;
        return state.catalogue.has(id) ? id : undefined;
      },
      pipelines: {
        async find(name) {
          throwFirst(state.down, state.entityFault);
          history.push(`find ${name}`);
          return entities.get(name);
        },
        async put(request) {
          throwFirst(state.down, state.entityFault);
          return put(request);
        },
        async remove(id) {
          throwFirst(state.down, state.entityFault);
          remove(id);
        },
      },
      async pipelinePlatform() {
        throwFirst(state.down);
        return state.platform;
      },
      close() {},
    },
  };
  return state;
}

function text(value: unknown, member: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
  return typeof found === 'string' ? found : '';
}

function throwFirst(...errors: readonly (Error | undefined)[]): void {
  const error = errors.find((candidate) => candidate !== undefined);
  if (error !== undefined) {
    throw error;
  }
}
