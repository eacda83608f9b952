import type { ClientCase, PipelineCase } from './case.ts';
import { credentials } from './credentials.ts';
import { otherVersions } from './otherVersions.ts';
import { refusedPipelines } from './refusedPipelines.ts';

/** What Airflow 3 and the plugin of its time do differently. */
export const airflow3Clients: readonly ClientCase[] = [
  {
    name: 'not-enforced',
    situation: 'the plugin accepts anyone',
    arrange: () => ({}),
    finding: {
      type: 'Authenticated',
      status: 'Unknown',
      reason: 'NotEnforced',
      message: /accept requests without credentials.*guard it with a NetworkPolicy/,
    },
  },
  ...credentials.filter(({ name }) => name === 'wrong-password'),
  ...otherVersions,
  {
    name: 'https-to-uvicorn',
    situation: 'apiEndpoint begins with https:// and Airflow speaks plain HTTP',
    arrange: ({ airflow }) => ({ spec: { apiEndpoint: airflow.url.replace('http:', 'https:') } }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'TLSMismatch',
      message: /Check whether it should begin with http:\/\/ or https:\/\//,
    },
  },
];

/** The plugin hides why it fails, so only what it answers with a 400, or what was asked before, has a name. */
export const airflow3Pipelines: readonly PipelineCase[] = [
  ...refusedPipelines.filter(({ name }) => name === 'no-service' || name === 'invalid-secret'),
  ...refusedPipelines
    .filter(({ name }) => name === 'om-out-of-reach')
    .map((known): PipelineCase => ({
      ...known,
      finding: {
        type: 'Deployed',
        status: 'False',
        reason: 'DeployFailed',
        message: /whose reason it does not tell.*Look at the web server's log/,
      },
    })),
];
