import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import type { OperatorProcess } from './operatorProcess.ts';

/** Secrets that can be recognised wherever they turn up. */
export interface PlantedSecrets {
  /** A new one; `what` helps to see which one it was. */
  plant(what: string): string;
  /** Every place other than a Secret in which one of them stands, in any usual encoding. */
  findLeaks(texts: ReadonlyMap<string, string>): string[];
}

export function createPlantedSecrets(): PlantedSecrets {
  const planted = new Map<string, string>();
  return {
    plant(what) {
      const value = `planted-${what}-${randomBytes(12).toString('hex')}`;
      planted.set(what, value);
      return value;
    },
    findLeaks(texts) {
      return [...texts].flatMap(([place, text]) =>
        [...planted].flatMap(([what, value]) =>
          encodings(value).some((form) => text.includes(form)) ? [`${what} in ${place}`] : [],
        ),
      );
    },
  };
}

const Secrets = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        labels: z.record(z.string(), z.string()).default({}),
        managedFields: z.array(z.object({ manager: z.string() })).default([]),
      }),
      data: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

/** What the operator has written into Secrets other than those for documents, which is nothing. */
async function strayTexts(cluster: Cluster): Promise<string> {
  const json = await cluster.kubectl(
    'get',
    'secrets',
    '--all-namespaces',
    '--output=json',
    '--show-managed-fields',
  );
  return Secrets.parse(JSON.parse(json))
    .items.filter(({ metadata }) =>
      metadata.managedFields.some(({ manager }) => manager === 'ingestion-operator'),
    )
    .filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] !== 'pipeline-documents')
    .flatMap(({ data }) => Object.values(data))
    .map((value) => Buffer.from(value, 'base64').toString())
    .join('\n');
}

/**
 * Everything that the operator and the API server show to people who may not read Secrets, and what the operator has put
 * into Secrets where it has no business.
 */
export async function everythingPublic(
  cluster: Cluster,
  operators: readonly OperatorProcess[],
): Promise<Map<string, string>> {
  const kinds = ['ingestionpipelines', 'pipelineserviceclients', 'configmaps', 'events', 'leases'];
  const texts = new Map<string, string>();
  for (const kind of kinds) {
    texts.set(
      kind,
      await cluster.kubectl('get', kind, '--all-namespaces', '--output=yaml', '--show-managed-fields'),
    );
  }
  texts.set('secrets', await strayTexts(cluster));
  for (const operator of operators) {
    texts.set(operator.logFile, readFileSync(operator.logFile, 'utf8'));
    if (operator.process.isRunning()) {
      texts.set('metrics', await (await fetch(operator.metricsUrl)).text());
    }
  }
  return texts;
}

function encodings(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64').replaceAll('=', '');
  return [value, base64, encodeURIComponent(value), Buffer.from(value).toString('hex')];
}
