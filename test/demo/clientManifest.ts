import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** What takes the place of the example's own addresses and of its CHANGE-MEs. */
export interface ClientValues {
  readonly apiEndpoint: string;
  readonly metadataApiEndpoint: string;
  readonly airflowPassword: string;
  readonly botToken: string;
}

/** A directory for "kubectl apply -k": the example of a client with the values of this demo; returns its path. */
export function writeClientOverlay(example: string, directory: string, values: ClientValues): string {
  const overlay = join(directory, 'client');
  mkdirSync(overlay, { recursive: true });
  copyFileSync(example, join(overlay, 'client.yaml'));
  const secret = { 'airflow-password': values.airflowPassword, 'bot-token': values.botToken };
  const { apiEndpoint, metadataApiEndpoint } = values;
  const kustomization = {
    resources: ['client.yaml'],
    patches: [
      patch('Secret', '/stringData', secret),
      patch('PipelineServiceClient', '/spec', { apiEndpoint, metadataApiEndpoint }),
    ],
  };
  writeFileSync(join(overlay, 'kustomization.yaml'), stringify(kustomization), { mode: 0o600 });
  return overlay;
}

/** Replaces members that have to be there already. */
function patch(kind: string, parent: string, members: Record<string, string>): unknown {
  const operations = Object.entries(members).map(([name, value]) => ({
    op: 'replace',
    path: `${parent}/${name}`,
    value,
  }));
  return { target: { kind }, patch: stringify(operations) };
}
