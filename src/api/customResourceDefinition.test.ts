import { expect, test } from 'vitest';

import { customResourceDefinitions } from './customResourceDefinition.ts';

test('both kinds are namespaced, have a status of their own, and belong to one category', () => {
  const definitions = customResourceDefinitions();

  expect(definitions.map(({ metadata }) => metadata.name)).toEqual([
    'ingestionpipelines.ingestion.open-metadata.org',
    'pipelineserviceclients.ingestion.open-metadata.org',
  ]);
  for (const { spec } of definitions) {
    expect(spec).toMatchObject({
      scope: 'Namespaced',
      names: { categories: ['openmetadata'] },
      versions: [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } }],
    });
  }
});

test('the short names are those of the documentation', () => {
  expect(customResourceDefinitions()).toMatchObject([
    { spec: { names: { shortNames: ['ingp'] } } },
    { spec: { names: { shortNames: ['psc'] } } },
  ]);
});

test('only the specification is required, and the metadata is left to Kubernetes', () => {
  for (const { spec } of customResourceDefinitions()) {
    expect(spec).toMatchObject({
      versions: [
        { schema: { openAPIV3Schema: { required: ['spec'], properties: { metadata: { type: 'object' } } } } },
      ],
    });
  }
});

test('the definitions are the same each time', () => {
  expect(JSON.stringify(customResourceDefinitions())).toBe(JSON.stringify(customResourceDefinitions()));
});
