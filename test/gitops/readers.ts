import { join } from 'node:path';
import { z } from 'zod';
import { API_GROUP } from '../../src/api/group.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';
import { terminalProgress } from '../support/progress.ts';
import { ensureReaders } from './binaries.ts';

export const DEPLOY = join(import.meta.dirname, '..', '..', 'deploy');

/** The scripts for Argo CD, laid out as in its own repository. */
export const CUSTOMIZATIONS = join(DEPLOY, 'argocd', 'resource_customizations', API_GROUP);

/** A resource as the API server gives it. */
export const Resource = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
export type Resource = z.infer<typeof Resource>;

const Health = z.object({ status: z.string(), message: z.string() });
export type Health = z.infer<typeof Health>;

const Action = z.object({ disabled: z.boolean(), displayName: z.string(), iconClass: z.string() });
export type Action = z.infer<typeof Action>;

/** What Flux and Argo CD make of a resource, by kstatus itself and by the interpreter of Argo CD. */
export interface Readers {
  /** Current, InProgress, Failed or Terminating. */
  kstatus(resource: Resource): Promise<string>;
  /** The same words by the checks in deploy/flux; Unknown where they cannot be evaluated, which Flux waits for. */
  fluxStatus(resource: Resource): Promise<string>;
  health(resource: Resource): Promise<Health>;
  /** The actions that Argo CD shows, by name. */
  actions(resource: Resource): Promise<Record<string, Action>>;
  /** The merge patch that Argo CD sends for an action, as JSON. */
  patchOf(resource: Resource, action: string): Promise<string>;
  /** The objects in a file of deploy/flux; throws where Flux does not know a field. */
  fluxObjects(file: string): Promise<Resource[]>;
}

export async function createReaders(): Promise<Readers> {
  const { kstatus, argoLua, flux } = await ensureReaders(terminalProgress());

  function run(purpose: string, resource: Resource, ...script: readonly string[]): Promise<string> {
    const path = join(CUSTOMIZATIONS, resource.kind, ...script);
    return runCommandOrThrow(argoLua, [purpose, path], { stdin: JSON.stringify(resource) });
  }

  return {
    async kstatus(resource) {
      const answer = await runCommandOrThrow(kstatus, [], { stdin: JSON.stringify(resource) });
      return Health.parse(JSON.parse(answer)).status;
    },
    async fluxStatus(resource) {
      const file = join(DEPLOY, 'flux', 'pipelines.yaml');
      const answer = await runCommandOrThrow(flux, ['health', file], { stdin: JSON.stringify(resource) });
      return answer.trim();
    },
    health: async (resource) => Health.parse(JSON.parse(await run('health', resource, 'health.lua'))),
    async actions(resource) {
      const answer = await run('discovery', resource, 'actions', 'discovery.lua');
      return z.record(z.string(), Action).parse(JSON.parse(answer));
    },
    patchOf: (resource, action) => run('action', resource, 'actions', action, 'action.lua'),
    async fluxObjects(file) {
      const answer = await runCommandOrThrow(flux, ['decode', join(DEPLOY, 'flux', file)]);
      return Resource.array().parse(JSON.parse(answer));
    },
  };
}
