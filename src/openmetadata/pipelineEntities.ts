import { z } from 'zod';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { RegisteredEntity } from '../domain/registeredEntity.ts';
import type { HttpAnswer } from '../http/httpClient.ts';
import { classifyWrite } from './failure.ts';
import type { OpenMetadataError, PipelineEntities } from './openMetadata.ts';
import { isAbsent, isServerError, readAnswer, type ServerCall } from './serverCall.ts';

const COLLECTION = 'services/ingestionPipelines';

const Entity = z
  .object({
    id: z.string(),
    description: z.string().nullish(),
    displayName: z.string().nullish(),
    provider: z.string().nullish(),
    version: z.number().nullish(),
    deleted: z.boolean().nullish(),
    airflowConfig: z.object({ scheduleInterval: z.string().nullish() }).nullish(),
  })
  .transform(
    ({ id, description, displayName, provider, version, deleted, airflowConfig }): RegisteredEntity => ({
      id,
      description: description ?? '',
      displayName: displayName ?? undefined,
      provider: provider ?? undefined,
      version: version ?? 0,
      deleted: deleted ?? false,
      scheduleInterval: airflowConfig?.scheduleInterval ?? undefined,
    }),
  );

export function createPipelineEntities(server: ServerCall): PipelineEntities {
  const { address } = server;

  function read(answer: HttpAnswer): RegisteredEntity {
    return readAnswer(Entity, answer, address, classify);
  }

  function classify(answer: HttpAnswer): OpenMetadataError {
    return classifyWrite(answer, address, isServerError(answer));
  }

  async function find(
    fullyQualifiedName: string,
    signal: AbortSignal,
  ): Promise<RegisteredEntity | undefined> {
    const path = `${COLLECTION}/name/${encodeURIComponent(fullyQualifiedName)}?include=all`;
    const answer = await server.send({ method: 'GET', path }, signal);
    return isAbsent(answer) ? undefined : read(answer);
  }

  async function put(request: JsonObject, signal: AbortSignal): Promise<RegisteredEntity> {
    const entity = read(await server.send({ method: 'PUT', path: COLLECTION, body: request }, signal));
    const patch = textsToPatch(entity, request);
    return patch.length === 0
      ? entity
      : read(await server.send({ method: 'PATCH', path: `${COLLECTION}/${entity.id}`, body: patch }, signal));
  }

  async function remove(id: string, signal: AbortSignal): Promise<void> {
    const path = `${COLLECTION}/${encodeURIComponent(id)}`;
    const answer = await server.send({ method: 'DELETE', path: `${path}?hardDelete=true` }, signal);
    if (answer.status < 300 || isAbsent(answer)) {
      return;
    }
    // Without a working Airflow of its own, the server fails after it has deleted the entity.
    const after = await server.send({ method: 'GET', path: `${path}?include=all` }, signal);
    if (!isAbsent(after)) {
      throw classify(answer);
    }
  }

  return { find, put, remove };
}

/** A bot's PUT leaves a description and a display name that are there already as they are; its PATCH does not. */
function textsToPatch(entity: RegisteredEntity, { description, displayName }: JsonObject): JsonValue[] {
  return [
    ...patchOf('/description', entity.description, description),
    ...patchOf('/displayName', entity.displayName, displayName),
  ];
}

function patchOf(path: string, current: JsonValue, wanted: JsonValue): JsonObject[] {
  if (current === wanted) {
    return [];
  }
  return wanted === undefined ? [{ op: 'remove', path }] : [{ op: 'add', path, value: wanted }];
}
