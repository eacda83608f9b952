import type { Caches } from './caches.ts';
import { keyOf } from './references.ts';
import { secretsOfClient, secretsOfPipeline } from './secretReferences.ts';

/** Whom to call when a Secret has changed. */
export interface UserCalls {
  readonly pipeline: (key: string) => void;
  readonly client: (key: string) => void;
}

/** For each Secret in use (`namespace/name`), the calls to those who use it. */
export function secretUsers(
  { pipelines, clients }: Pick<Caches, 'pipelines' | 'clients'>,
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
