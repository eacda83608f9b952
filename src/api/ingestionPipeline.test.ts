import { expect, test } from 'vitest';

import { IngestionPipeline, IngestionPipelineSpec } from './ingestionPipeline.ts';
import { pipelineSpec, pipelineStatus } from './testing/examples.ts';

const minimal = {
  pipelineType: 'metadata',
  service: { type: 'databaseService', name: 'mysql_prod' },
  sourceConfig: { config: {} },
};

const metadata = {
  name: 'orders-metadata',
  namespace: 'team-a',
  uid: '5b0e3a4c-7a0f-4f0e-9c1f-0c9a4c1c7d11',
  resourceVersion: '17',
  generation: 2,
  creationTimestamp: '2026-11-23T06:00:00Z',
  managedFields: [{ manager: 'kubectl' }],
};

test('a pipeline with every field comes through unchanged', () => {
  const pipeline = {
    apiVersion: 'ingestion.open-metadata.org/v1alpha1',
    kind: 'IngestionPipeline',
    metadata,
    spec: { ...pipelineSpec, name: 'orders' },
    status: pipelineStatus,
  };

  expect(IngestionPipeline.parse(pipeline)).toEqual(pipeline);
});

test('the example has every field of the specification and of the status', () => {
  const { spec, status } = IngestionPipeline.shape;

  expect(Object.keys({ ...pipelineSpec, name: '' }).toSorted()).toEqual(Object.keys(spec.shape).toSorted());
  expect(Object.keys(pipelineStatus).toSorted()).toEqual(Object.keys(status.unwrap().shape).toSorted());
});

test('nothing is added to a pipeline with the fewest fields', () => {
  expect(IngestionPipelineSpec.parse(minimal)).toEqual(minimal);
});

test('false and zero are values, not absence', () => {
  const spec = {
    ...minimal,
    airflowConfig: { retries: 0, pipelineCatchup: false, pausePipeline: false },
    raiseOnError: false,
    suspend: false,
    adopt: false,
    runHistoryLimit: 0,
  };

  expect(IngestionPipelineSpec.parse(spec)).toEqual(spec);
});

test.each([
  ['an unknown kind of pipeline', { pipelineType: 'Metadata' }],
  ['an unknown kind of service', { service: { type: 'database', name: 'a' } }],
  ['a service without name', { service: { type: 'databaseService', name: '' } }],
  ['no options object', { sourceConfig: {} }],
  ['options that are a list', { sourceConfig: { config: [] } }],
  ['a number as text', { airflowConfig: { retries: '3' } }],
  ['a fraction of a retry', { airflowConfig: { retries: 0.5 } }],
  ['a schedule of six fields', { airflowConfig: { scheduleInterval: '0 0 3 * * *' } }],
  ['a name that leads elsewhere', { name: '../orders' }],
  [
    'a path outside the options',
    { valuesFrom: [{ targetPath: 'service.name', secretKeyRef: { name: 'a', key: 'b' } }] },
  ],
])('%s is refused', (_situation, change) => {
  expect(IngestionPipelineSpec.safeParse({ ...minimal, ...change }).success).toBe(false);
});
