import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Entry = z.object({
  stage: z.string(),
  verb: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z
    .object({ resource: z.string(), namespace: z.string().optional(), name: z.string().optional() })
    .optional(),
  responseStatus: z.object({ code: z.number() }).optional(),
});

const WRITES = new Set(['create', 'update', 'patch', 'delete']);

/** What the operator has written in a namespace, by the API server's own record: lines such as `patch configmaps/name`. */
export function operatorWrites(auditLog: string, namespace: string): string[] {
  const lines = readFileSync(auditLog, 'utf8').trimEnd().split('\n');
  return lines
    .map((line) => Entry.parse(JSON.parse(line)))
    .filter(
      ({ stage, verb, user, objectRef, responseStatus }) =>
        stage === 'ResponseComplete' &&
        WRITES.has(verb) &&
        user.username.endsWith(':openmetadata-ingestion-operator') &&
        objectRef?.namespace === namespace &&
        (responseStatus?.code ?? 0) < 300,
    )
    .map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}/${objectRef?.name}`);
}
