import { freePort } from '../support/freePort.ts';
import { secretManifest } from '../harness/manifests.ts';
import type { PipelineCase } from './case.ts';
import { namespace, RIGHT_TOKEN_VARIABLE, WRONG_TOKEN_VARIABLE } from './faultWorld.ts';

/** What the operator, OpenMetadata, or the plugin refuses to deploy. */
export const refusedPipelines: readonly PipelineCase[] = [
  {
    name: 'client-not-ready',
    situation: 'the client of the pipeline cannot reach Airflow',
    arrange: async () => ({ client: { spec: { apiEndpoint: `http://127.0.0.1:${await freePort()}` } } }),
    finding: {
      type: 'Ready',
      status: 'False',
      reason: 'ClientNotReady',
      message: /it was refused\. Check host and port of apiEndpoint/,
    },
  },
  {
    name: 'no-service',
    situation: 'OpenMetadata does not have the service',
    arrange: ({ openMetadata }) => ({
      spec: { service: { type: 'databaseService', name: 'later' } },
      mend: async () => {
        const connection = { config: { type: 'SQLite', databaseMode: ':memory:' } };
        openMetadata.addService('databaseServices', { name: 'later', serviceType: 'SQLite', connection });
      },
    }),
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'ServiceNotFound',
      message: /has no databaseService named "later": create the service there, or correct spec\.service/,
    },
  },
  {
    name: 'no-service-unseen',
    situation: 'OpenMetadata does not have the service, and only Airflow has the token to ask for it',
    arrange: () => ({
      spec: { service: { type: 'databaseService', name: 'nowhere' } },
      client: { spec: { openMetadata: { jwtTokenEnv: RIGHT_TOKEN_VARIABLE } } },
    }),
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'ServiceNotFound',
      message: /OpenMetadata does not know the service\. Create it there, or correct service\.name/,
    },
  },
  {
    name: 'token-refused',
    situation: 'OpenMetadata refuses the token that only Airflow has',
    arrange: () => ({ client: { spec: { openMetadata: { jwtTokenEnv: WRONG_TOKEN_VARIABLE } } } }),
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'TokenRejected',
      message: /OpenMetadata refused the bot token of the document\. Set a valid openMetadata\.jwtToken/,
    },
  },
  {
    name: 'om-out-of-reach',
    situation: 'the operator reaches OpenMetadata and Airflow does not',
    arrange: ({ openMetadata }) => ({
      client: { spec: { metadataApiEndpoint: openMetadata.url.replace('127.0.0.1', 'localhost') } },
    }),
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'OpenMetadataUnreachable',
      message: /Airflow cannot reach OpenMetadata at metadataApiEndpoint.*from inside the Airflow containers/,
    },
  },
  {
    name: 'unknown-option',
    situation: 'sourceConfig has an option that is misspelt',
    arrange: () => ({ spec: { sourceConfig: { config: { type: 'DatabaseMetadata', includeViewz: true } } } }),
    finding: {
      type: 'Validated',
      status: 'False',
      reason: 'InvalidSourceConfig',
      message: /\/config\/includeViewz: unknown key.*includeViews/,
    },
  },
  {
    name: 'invalid-email',
    situation: 'airflowConfig has a value that only the plugin knows to be wrong',
    arrange: () => ({ spec: { airflowConfig: { email: 'no-address' } } }),
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'InvalidPayload',
      message: /a field outside of sourceConfig is not valid.*Check airflowConfig/,
    },
  },
  {
    name: 'invalid-secret',
    situation: 'a Secret holds a value of a form that the plugin does not take',
    arrange: ({ secrets }) => ({
      spec: {
        pipelineType: 'dbt',
        sourceConfig: {
          config: {
            type: 'DBT',
            dbtConfigSource: {
              dbtConfigType: 's3',
              dbtSecurityConfig: { awsRegion: 'eu-west-1' },
              dbtPrefixConfig: { dbtBucketName: 'bucket', dbtObjectPrefix: 'dbt' },
            },
          },
        },
        valuesFrom: [
          {
            targetPath: 'config.dbtConfigSource.dbtSecurityConfig.endPointURL',
            secretKeyRef: { name: 'invalid-secret', key: 'address' },
          },
        ],
      },
      objects: [
        secretManifest({ namespace, name: 'invalid-secret' }, { address: `no ${secrets.plant('address')}` }),
      ],
    }),
    finding: {
      type: 'Deployed',
      status: 'False',
      reason: 'InvalidPayload',
      message: / \(dbtConfigSource\.dbtSecurityConfig\.endPointURL: (?:url_parsing|invalid)\)\./,
    },
  },
  {
    name: 'no-secret',
    situation: 'a Secret of valuesFrom does not exist',
    arrange: ({ cluster }) => ({
      spec: dbtFrom({ name: 'no-secret', key: 'token' }),
      mend: () => cluster.apply(secretManifest({ namespace, name: 'no-secret' }, { token: 'mended' })),
    }),
    finding: {
      type: 'Ready',
      status: 'False',
      reason: 'SecretNotFound',
      message:
        /Secret faults\/no-secret, which spec\.valuesFrom \(.*\) refers to, does not exist: create it, or/,
    },
  },
  {
    name: 'no-secret-key',
    situation: 'a Secret of valuesFrom lacks the key',
    arrange: () => ({ spec: dbtFrom({ name: 'credentials', key: 'absent' }) }),
    finding: {
      type: 'Ready',
      status: 'False',
      reason: 'SecretKeyNotFound',
      message: /Secret faults\/credentials has no key "absent", which spec\.valuesFrom .* add the key, or/,
    },
  },
];

function dbtFrom(secretKeyRef: { name: string; key: string }): Readonly<Record<string, unknown>> {
  const dbtConfigSource = {
    dbtConfigType: 'cloud',
    dbtCloudAccountId: '1',
    dbtCloudUrl: 'https://cloud.getdbt.com',
  };
  return {
    pipelineType: 'dbt',
    sourceConfig: { config: { type: 'DBT', dbtConfigSource } },
    valuesFrom: [{ targetPath: 'config.dbtConfigSource.dbtCloudAuthToken', secretKeyRef }],
  };
}
