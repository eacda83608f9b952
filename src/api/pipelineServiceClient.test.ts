import { expect, test } from 'vitest';

import { PipelineServiceClient, PipelineServiceClientSpec } from './pipelineServiceClient.ts';
import { clientSpec, clientStatus } from './testing/examples.ts';

const minimal = {
  apiEndpoint: 'http://openmetadata-dependencies-api-server:8080',
  metadataApiEndpoint: 'http://openmetadata:8585/api',
  auth: { username: 'admin', password: { secretRef: 'airflow-secrets', secretKey: 'password' } },
  openMetadata: { jwtToken: { secretRef: 'openmetadata-bot', secretKey: 'token' } },
};

test('a client with every field comes through unchanged', () => {
  const client = {
    apiVersion: 'ingestion.open-metadata.org/v1alpha1',
    kind: 'PipelineServiceClient',
    metadata: {
      name: 'airflow',
      namespace: 'openmetadata',
      uid: '5b0e3a4c-7a0f-4f0e-9c1f-0c9a4c1c7d11',
      resourceVersion: '17',
      generation: 1,
      creationTimestamp: '2026-11-23T06:00:00Z',
    },
    spec: clientSpec,
    status: clientStatus,
  };

  expect(PipelineServiceClient.parse(client)).toEqual(client);
});

test('the example has every field of the specification and of the status', () => {
  const { spec, status } = PipelineServiceClient.shape;

  expect(Object.keys(clientSpec).toSorted()).toEqual(Object.keys(spec.shape).toSorted());
  expect(Object.keys(clientStatus).toSorted()).toEqual(Object.keys(status.unwrap().shape).toSorted());
});

test('nothing is added to a client with the fewest fields', () => {
  expect(PipelineServiceClientSpec.parse(minimal)).toEqual(minimal);
});

test.each([
  ['an endpoint with credentials in it', { apiEndpoint: 'http://admin:secret@airflow:8080' }],
  ['an OpenMetadata endpoint without /api', { metadataApiEndpoint: 'http://openmetadata:8585' }],
  ['no time at all for a call', { timeout: 0 }],
  ['more shards than two digits can count', { configMap: { shards: 101 } }],
  ['another name of a TLS mode', { verifySSL: 'none' }],
  ['a password in clear', { auth: { username: 'admin', password: 'secret' } }],
])('%s is refused', (_situation, change) => {
  expect(PipelineServiceClientSpec.safeParse({ ...minimal, ...change }).success).toBe(false);
});
