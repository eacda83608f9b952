import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Reflector } from '../../kube/reflector.ts';
import { keyOf } from './references.ts';
import { secretsOfClient, secretsOfPipeline } from './secretReferences.ts';

/** Whom to call when a Secret has changed. */
export interface UserCalls {
  readonly pipeline: (key: string) => void;
  readonly client: (key: string) => void;
}

export interface UserSources {
  readonly pipelines: Pick<Reflector<IngestionPipeline>, 'list'>;
  readonly clients: Pick<Reflector<PipelineServiceClient>, 'list'>;
}

/** For each Secret in use (`namespace/name`), the calls to those who use it. */
export function secretUsers(
  { pipelines, clients }: UserSources,
  calls: UserCalls,
): Map<string, (() => void)[]> {
  const users = new Map<string, (() => void)[]>();
  function add(secret: string, call: () => void): void {
    users.set(secret, [...(users.get(secret) ?? []), call]);
  }
  for (const pipeline of pipelines.list()) {
    secretsOfPipeline(pipeline).forEach((secret) => add(secret, () => calls.pipeline(keyOf(pipeline))));
  }
  for (const client of clients.list()) {
    secretsOfClient(client).forEach((secret) => add(secret, () => calls.client(keyOf(client))));
  }
  return users;
}
