import { expect } from 'vitest';
import type { AirflowErrorKind } from '../../src/airflow/airflowError.ts';
import { documentFor, newName } from './document.ts';
import { type ContractCase, type Subject, withAirflow } from './subject.ts';

/** Newer plugins hide the reason of what is no fault of the document's form. */
function hidden(subject: Subject, kind: AirflowErrorKind): AirflowErrorKind {
  return subject.generation === '3.3.0' ? 'serverError' : kind;
}

async function expectRefusal(subject: Subject, document: string, kind: AirflowErrorKind): Promise<void> {
  await withAirflow(subject, async (airflow, signal) => {
    const deploy = airflow.deploy(document, signal);

    await expect(deploy).rejects.toMatchObject({ kind });
    await deploy.catch((error: unknown) => {
      expect(String(error)).not.toContain(subject.token);
    });
  });
}

export const refusedDeployCases: readonly ContractCase[] = [
  {
    sentence: 'a service that OpenMetadata does not know says serviceNotFound, where the plugin tells',
    async run(subject) {
      const service = { id: subject.service.id, type: 'databaseService', name: 'no-such-service' };
      const document = documentFor(subject, newName('service'), { service });

      await expectRefusal(subject, document, hidden(subject, 'serviceNotFound'));
    },
  },
  {
    sentence: 'an OpenMetadata of another version says versionMismatch, where the plugin tells',
    async run(subject) {
      subject.openMetadata.setVersion('0.9.9');
      try {
        const document = documentFor(subject, newName('version'));
        await expectRefusal(subject, document, hidden(subject, 'versionMismatch'));
      } finally {
        subject.openMetadata.setVersion(subject.openMetadataVersion);
      }
    },
  },
  {
    sentence: 'an OpenMetadata that cannot be reached says openMetadataUnreachable, where the plugin tells',
    async run(subject) {
      const openMetadataServerConnection = {
        hostPort: 'http://127.0.0.1:1/api',
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: subject.token },
      };
      const document = documentFor(subject, newName('unreachable'), { openMetadataServerConnection });

      await expectRefusal(subject, document, hidden(subject, 'openMetadataUnreachable'));
    },
  },
  {
    sentence: 'a token that OpenMetadata does not accept says tokenRejected, where the plugin tells',
    async run(subject) {
      subject.openMetadata.setToken('another-token');
      try {
        const document = documentFor(subject, newName('token'));
        await expectRefusal(subject, document, hidden(subject, 'tokenRejected'));
      } finally {
        subject.openMetadata.setToken(subject.token);
      }
    },
  },
  {
    sentence: 'an unknown field in sourceConfig says invalidPayload',
    async run(subject) {
      const sourceConfig = { config: { type: 'DatabaseMetadata', includeViewz: true } };
      const document = documentFor(subject, newName('field'), { sourceConfig });

      await expectRefusal(subject, document, 'invalidPayload');
    },
  },
  {
    sentence: 'an unknown field at the top level is refused',
    async run(subject) {
      const document = documentFor(subject, newName('top'), { noSuchField: 1 });

      await expectRefusal(subject, document, hidden(subject, 'invalidPayload'));
    },
  },
  {
    sentence: 'a document without its name is refused',
    async run(subject) {
      const document = documentFor(subject, 'x', { name: undefined });

      await expectRefusal(subject, document, hidden(subject, 'invalidPayload'));
    },
  },
  {
    sentence: 'a text that is no JSON says invalidPayload',
    async run(subject) {
      await expectRefusal(subject, '{"name": ', 'invalidPayload');
    },
  },
];
