import { describe, expect, it } from 'vitest';
import { createWorld } from '../testing/world.ts';
import { clientManifest, pipelineManifest } from '../testing/manifests.ts';
import { secretUsers } from './secretUsers.ts';

describe('the users of secrets', () => {
  it('are all pipelines and clients that refer to them, by Secret', () => {
    const { pipelines, clients } = createWorld();
    const valuesFrom = [{ targetPath: 'config.a', secretKeyRef: { name: 'dbt', key: 'key' } }];
    pipelines.create(pipelineManifest({ valuesFrom }));
    pipelines.create(pipelineManifest({ valuesFrom }, { name: 'customers' }));
    pipelines.create(pipelineManifest({}, { name: 'third' }));
    clients.create(clientManifest());
    const called: string[] = [];
    const users = secretUsers(
      { pipelines, clients },
      { pipeline: (key) => called.push(key), client: (key) => called.push(key) },
    );
    users.get('team-a/dbt')?.forEach((call) => call());
    users.get('openmetadata/airflow-secrets')?.forEach((call) => call());

    expect([...users.keys()]).toEqual([
      'team-a/dbt',
      'openmetadata/airflow-secrets',
      'openmetadata/openmetadata-bot',
    ]);
    expect(called).toEqual(['team-a/orders', 'team-a/customers', 'openmetadata/airflow']);
  });
});
