import type { z } from 'zod';

import { API_GROUP, API_VERSION } from './group.ts';
import { IngestionPipeline } from './ingestionPipeline.ts';
import { PipelineServiceClient } from './pipelineServiceClient.ts';
import { clientColumns, pipelineColumns } from './printerColumn.ts';
import type { PrinterColumn } from './printerColumn.ts';
import { structuralSchema } from './structuralSchema.ts';
import type { JSONSchema } from './structuralSchema.ts';

interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly columns: readonly PrinterColumn[];
  readonly schema: z.ZodObject;
}

/** The manifest of one custom resource definition. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

const kinds: readonly Kind[] = [
  {
    kind: 'IngestionPipeline',
    plural: 'ingestionpipelines',
    shortName: 'ingp',
    columns: pipelineColumns,
    schema: IngestionPipeline,
  },
  {
    kind: 'PipelineServiceClient',
    plural: 'pipelineserviceclients',
    shortName: 'psc',
    columns: clientColumns,
    schema: PipelineServiceClient,
  },
];

/** The server owns the envelope: it is declared without rules, and it cannot be missing. */
function openAPISchema(schema: z.ZodObject): JSONSchema {
  const generated = structuralSchema(schema);
  return {
    ...generated,
    properties: {
      ...generated.properties,
      apiVersion: { type: 'string', description: 'Group and version of this kind.' },
      kind: { type: 'string', description: 'Name of this kind.' },
      metadata: { type: 'object' },
    },
    required: ['spec'],
  };
}

function definition({ kind, plural, shortName, columns, schema }: Kind): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${API_GROUP}` },
    spec: {
      group: API_GROUP,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: [shortName],
        categories: ['openmetadata'],
      },
      versions: [
        {
          name: API_VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: openAPISchema(schema) },
        },
      ],
    },
  };
}

/** The definitions of both kinds. */
export function customResourceDefinitions(): CustomResourceDefinition[] {
  return kinds.map(definition);
}
