/** Writes deploy/argocd/argocd-cm.yaml, which holds the scripts of deploy/argocd/resource_customizations in the form of a setting. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { stringify } from 'yaml';

import { API_GROUP } from '../src/api/group.ts';

const DIRECTORY = join(import.meta.dirname, '..', 'deploy', 'argocd');
const CUSTOMIZATIONS = join(DIRECTORY, 'resource_customizations', API_GROUP);
const TARGET = join(DIRECTORY, 'argocd-cm.yaml');
const LITERAL = { lineWidth: 0, blockQuote: 'literal' } as const;
const HEADER = `# Generated from resource_customizations by "npm run generate". Do not edit.
#
#   kubectl patch configmap argocd-cm --namespace argocd --patch-file deploy/argocd/argocd-cm.yaml
#
# In the values of the chart argo-cd, what is below \`data\` belongs below \`configs.cm\`.
`;

function read(...path: readonly string[]): string {
  return readFileSync(join(CUSTOMIZATIONS, ...path), 'utf8');
}

/** Settings of one kind, by their keys. */
function settingsOf(kind: string): Record<string, string> {
  const suffix = `${API_GROUP}_${kind}`;
  return {
    [`resource.customizations.health.${suffix}`]: read(kind, 'health.lua'),
    [`resource.customizations.actions.${suffix}`]: stringify(actionsOf(kind), LITERAL),
  };
}

function actionsOf(kind: string): object {
  const names = readdirSync(join(CUSTOMIZATIONS, kind, 'actions'))
    .filter((name) => existsSync(join(CUSTOMIZATIONS, kind, 'actions', name, 'action.lua')))
    .toSorted();
  return {
    'discovery.lua': read(kind, 'actions', 'discovery.lua'),
    definitions: names.map((name) => ({ name, 'action.lua': read(kind, 'actions', name, 'action.lua') })),
  };
}

function generated(): string {
  const settings = readdirSync(CUSTOMIZATIONS).toSorted().map(settingsOf);
  return HEADER + stringify({ data: Object.assign({}, ...settings) }, LITERAL);
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
if (!values.check) {
  writeFileSync(TARGET, generated());
} else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== generated()) {
  process.stderr.write('deploy/argocd/argocd-cm.yaml differs from its scripts: run "npm run generate"\n');
  process.exitCode = 1;
}
