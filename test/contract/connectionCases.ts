import { expect } from 'vitest';
import { freePort } from '../support/freePort.ts';
import { newName } from './document.ts';
import { type ContractCase, withAirflow } from './subject.ts';

function isThree(generation: string): boolean {
  return generation.startsWith('3.');
}

export const connectionCases: readonly ContractCase[] = [
  {
    sentence: 'a probe tells where the plugin is, both versions, and that the core API can be used',
    async run(subject) {
      const three = isThree(subject.generation);

      const installation = await withAirflow(subject, (airflow, signal) => airflow.probe(signal));

      expect(installation).toMatchObject({
        pluginBasePath: three ? '/pluginsv2/api/v2/openmetadata' : '/api/v1/openmetadata',
        airflowVersion: subject.generation,
        coreApi: { kind: 'available', basePath: three ? '/api/v2' : '/api/v1' },
      });
      expect(installation.pluginVersion.startsWith(`${subject.openMetadataVersion}.`)).toBe(true);
    },
  },
  {
    sentence: 'credentials are enforced by the plugin on Airflow 2 and not on Airflow 3',
    async run(subject) {
      const installation = await withAirflow(subject, (airflow, signal) => airflow.probe(signal));

      expect(installation.authentication).toBe(isThree(subject.generation) ? 'notEnforced' : 'enforced');
    },
  },
  {
    sentence: 'a probe with a wrong password says invalidCredentials, also where the plugin accepts anyone',
    async run(subject) {
      const probe = withAirflow(subject, (airflow, signal) => airflow.probe(signal), { password: 'wrong' });

      await expect(probe).rejects.toMatchObject({ kind: 'invalidCredentials', status: 401 });
    },
  },
  {
    sentence: 'a list with a wrong password says invalidCredentials',
    async run(subject) {
      const list = withAirflow(subject, (airflow, signal) => airflow.listDags(signal), { password: 'wrong' });

      await expect(list).rejects.toMatchObject({ kind: 'invalidCredentials' });
    },
  },
  {
    sentence: 'an address with the path of the plugin at its end is taken too',
    async run(subject) {
      const path = isThree(subject.generation) ? '/pluginsv2/api/v2/openmetadata' : '/api/v1/openmetadata';

      const installation = await withAirflow(subject, (airflow, signal) => airflow.probe(signal), {
        endpoint: `${subject.url}${path}/`,
      });

      expect(installation.pluginBasePath).toBe(path);
    },
  },
  {
    sentence: 'an address with a path where nothing is says managedApisNotFound',
    async run(subject) {
      const probe = withAirflow(subject, (airflow, signal) => airflow.probe(signal), {
        endpoint: `${subject.url}/nothing/here`,
      });

      await expect(probe).rejects.toMatchObject({ kind: 'managedApisNotFound' });
    },
  },
  {
    sentence: 'an address where nothing listens says connectionRefused',
    async run(subject) {
      const probe = withAirflow(subject, (airflow, signal) => airflow.probe(signal), {
        endpoint: `http://127.0.0.1:${await freePort()}`,
      });

      await expect(probe).rejects.toMatchObject({ kind: 'connectionRefused' });
    },
  },
  {
    sentence: 'a host name that does not exist says dnsFailed',
    async run(subject) {
      const probe = withAirflow(subject, (airflow, signal) => airflow.probe(signal), {
        endpoint: 'http://airflow.invalid:8080',
      });

      await expect(probe).rejects.toMatchObject({ kind: 'dnsFailed' });
    },
  },
  {
    sentence: 'https where Airflow speaks http says tlsMismatch, or names it where Airflow 2 only waits',
    async run(subject) {
      const probe = withAirflow(subject, (airflow, signal) => airflow.probe(signal), {
        endpoint: subject.url.replace('http:', 'https:'),
        timeout: 1_000,
      });

      await expect(probe).rejects.toMatchObject(
        isThree(subject.generation)
          ? { kind: 'tlsMismatch' }
          : { kind: 'timeout', message: expect.stringContaining('begin with http://') },
      );
    },
  },
  {
    sentence:
      'a user who may only read is told the missing permission on Airflow 2, and may list DAGs on Airflow 3',
    async run(subject) {
      const viewer = { username: newName('viewer'), password: 'viewer-password' };
      await subject.createUser(viewer.username, viewer.password, 'Viewer');

      await withAirflow(
        subject,
        async (airflow, signal) => {
          if (isThree(subject.generation)) {
            await expect(airflow.listDags(signal)).resolves.toBeInstanceOf(Array);
          } else {
            await expect(airflow.probe(signal)).rejects.toMatchObject({
              kind: 'permissionDenied',
              message: expect.stringContaining('can_create'),
            });
          }
        },
        viewer,
      );
    },
  },
];
