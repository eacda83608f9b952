import { describe, expect, it } from 'vitest';
import { mountValues } from './mountValues.ts';

const TOKEN = { variable: 'OPENMETADATA_JWT_TOKEN', secret: 'openmetadata-bot', key: 'token' };
const MOUNT = {
  name: 'dag-generated-configs',
  mountPath: '/opt/airflow/dags/dag_generated_configs',
  readOnly: true,
};
const VOLUME = {
  name: 'dag-generated-configs',
  projected: {
    sources: [
      { configMap: { name: 'documents-00', optional: true } },
      { secret: { name: 'documents-00', optional: true } },
      { configMap: { name: 'documents-01', optional: true } },
      { secret: { name: 'documents-01', optional: true } },
    ],
  },
};
const input = { configMapName: 'documents', shards: 2, environment: [TOKEN] };

describe('the values that mount the shards', () => {
  it('reach every container through the official chart of Airflow', () => {
    expect(mountValues({ ...input, chart: 'official' })).toEqual({
      airflow: {
        volumes: [VOLUME],
        volumeMounts: [MOUNT],
        secret: [{ envName: 'OPENMETADATA_JWT_TOKEN', secretName: 'openmetadata-bot', secretKey: 'token' }],
      },
    });
  });

  it('reach every container through the community chart of Airflow', () => {
    expect(mountValues({ ...input, chart: 'community' })).toEqual({
      airflow: {
        airflow: {
          extraVolumes: [VOLUME],
          extraVolumeMounts: [MOUNT],
          extraEnv: [
            {
              name: 'OPENMETADATA_JWT_TOKEN',
              valueFrom: { secretKeyRef: { name: 'openmetadata-bot', key: 'token' } },
            },
          ],
        },
      },
    });
  });

  it.each(['official', 'community'] as const)(
    'leave the environment alone where it supplies nothing: %s chart',
    (chart) => {
      expect(JSON.stringify(mountValues({ ...input, chart, environment: [] }))).not.toMatch(/env|secretKey/i);
    },
  );
});
