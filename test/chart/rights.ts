import { z } from 'zod';
import type { Manifest } from './helm.ts';

const Rules = z.array(
  z.object({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
    resourceNames: z.array(z.string()).optional(),
  }),
);

/** One thing that may be done, as `patch secrets in team-a`; without a place it may be done everywhere. Leaves out to which names. */
export type Right = string;

/** What the roles among these objects that are bound to a service account allow, sorted. */
export function rightsOf(manifests: readonly Manifest[]): Right[] {
  const bound = new Set(
    manifests
      .filter(({ kind }) => kind.endsWith('Binding'))
      .map(
        ({ kind, metadata }) => `${kind.replace('Binding', '')} ${metadata.namespace ?? ''}/${metadata.name}`,
      ),
  );
  const roles = manifests.filter(({ kind, metadata }) =>
    bound.has(`${kind} ${metadata.namespace ?? ''}/${metadata.name}`),
  );
  return [...new Set(roles.flatMap(rightsOfRole))].toSorted();
}

/** The same, wherever it may be done. */
export function verbsOf(manifests: readonly Manifest[]): Right[] {
  return [...new Set(rightsOf(manifests).map((right) => right.replace(/ in .*/, '')))].toSorted();
}

function rightsOfRole({ metadata, rules }: Manifest): Right[] {
  const place = metadata.namespace === undefined ? '' : ` in ${metadata.namespace}`;
  return Rules.parse(rules).flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${qualified(resource, group)}${place}`)),
    ),
  );
}

function qualified(resource: string, group: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}
