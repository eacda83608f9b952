import { expect } from 'vitest';
import { AirflowError } from '../../src/airflow/airflowError.ts';
import { envelopeOf } from '../../src/domain/envelope.ts';
import { parseVersion } from '../../src/domain/version.ts';
import { deployed, documentFor, newName, registered, triggered } from './document.ts';
import { type ContractCase, patiently, withAirflow } from './subject.ts';

export const deployCases: readonly ContractCase[] = [
  {
    sentence: 'a deployed pipeline becomes a paused DAG with its description, in the list and alone',
    async run(subject) {
      const name = newName('mark');
      const description = 'Orders [ingestion.open-metadata.org default/team-a/orders 0123456789ab]';

      await withAirflow(subject, async (airflow, signal) => {
        await airflow.deploy(documentFor(subject, name, { description }), signal);
        const dag = await registered(subject, airflow, name);

        expect(dag).toMatchObject({ dagId: name, description, isPaused: true, isActive: true });
        expect(dag.fileLocation.endsWith(`/${name}.py`)).toBe(true);
        await patiently(subject, async () => {
          const listed = await airflow.listDags(signal);
          expect(listed.find(({ dagId }) => dagId === name)).toMatchObject({ description, isPaused: true });
        });
      });
    },
  },
  {
    sentence: 'a document with owners, domains and options is taken in the form that its version wants',
    async run(subject) {
      const name = newName('envelope');
      const version = parseVersion(subject.openMetadataVersion) ?? { major: 0, minor: 0 };
      const envelope = envelopeOf(
        {
          pipelineType: 'metadata',
          service: { type: 'databaseService', name: subject.service.name },
          sourceConfig: { config: {} },
          owners: [{ type: 'team', name: 'sales' }],
          domains: ['Sales', 'Sales.EMEA'],
          raiseOnError: false,
          enableStreamableLogs: false,
        },
        version,
      );

      await withAirflow(subject, async (airflow, signal) => {
        await airflow.deploy(documentFor(subject, name, envelope), signal);
        await registered(subject, airflow, name);
      });
    },
  },
  {
    sentence: 'a DAG is enabled and disabled, and doing it twice changes nothing',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'enable');

        await airflow.enable(dagId, signal);
        await airflow.enable(dagId, signal);
        expect(await airflow.getDag(dagId, signal)).toMatchObject({ isPaused: false });

        await airflow.disable(dagId, signal);
        await airflow.disable(dagId, signal);
        expect(await airflow.getDag(dagId, signal)).toMatchObject({ isPaused: true });
      });
    },
  },
  {
    sentence: 'a redeploy changes the description and leaves an enabled DAG enabled',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'redeploy');
        await airflow.enable(dagId, signal);

        await airflow.deploy(documentFor(subject, dagId, { description: 'second' }), signal);

        const dag = await registered(subject, airflow, dagId, 'second');
        expect(dag).toMatchObject({ isPaused: false });
      });
    },
  },
  {
    sentence: 'a DAG paused by hand is seen to be paused',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'paused');
        await airflow.enable(dagId, signal);

        await subject.pauseByHand(dagId, true);

        expect(await airflow.getDag(dagId, signal)).toMatchObject({ isPaused: true });
      });
    },
  },
  {
    sentence: 'characters outside the grammar of ids become one underscore',
    async run(subject) {
      const name = newName('cleaned');

      await withAirflow(subject, async (airflow, signal) => {
        await airflow.deploy(documentFor(subject, `${name}.. (é)x`), signal);

        await registered(subject, airflow, `${name}_x`);
      });
    },
  },
  {
    sentence: 'a removed DAG is gone from the list and from both APIs',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'removed');

        await airflow.remove(dagId, signal);

        await patiently(subject, async () => {
          expect(await airflow.getDag(dagId, signal)).toBeUndefined();
        });
        expect(await airflow.recentRuns(dagId, signal)).toBeUndefined();
        expect((await airflow.listDags(signal)).map((dag) => dag.dagId)).not.toContain(dagId);
      });
    },
  },
  {
    sentence: 'a DAG that has run is removed with its runs',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'ran');
        await triggered(subject, airflow, dagId);
        await airflow.kill(dagId, signal);

        await patiently(subject, () => airflow.remove(dagId, signal));

        await patiently(subject, async () => {
          expect(await airflow.getDag(dagId, signal)).toBeUndefined();
        });
        expect(await airflow.listRuns({ dagIds: [dagId] }, signal)).toEqual([]);
      });
    },
  },
  {
    sentence: 'a DAG that is removed and deployed again is paused as its document says',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'again');
        await airflow.enable(dagId, signal);
        await airflow.remove(dagId, signal);

        await airflow.deploy(documentFor(subject, dagId, { description: 'again' }), signal);

        expect(await registered(subject, airflow, dagId, 'again')).toMatchObject({ isPaused: true });
      });
    },
  },
  {
    sentence: 'a deploy without an answer in time is of unknown outcome, and reading tells that it happened',
    async run(subject) {
      const name = newName('late');

      await withAirflow(
        subject,
        async (airflow, signal) => {
          await airflow.probe(signal);

          const deploy = airflow.deploy(documentFor(subject, name), signal);

          await expect(deploy).rejects.toMatchObject({ kind: 'unknownOutcome' });
          await registered(subject, airflow, name);
        },
        { deployTimeout: 40 },
      );
    },
  },
  {
    sentence:
      'a first deploy that fails leaves an import error, which names the reason even where the answer hides it',
    async run(subject) {
      const name = newName('failed');
      const service = { id: subject.service.id, type: 'databaseService', name: 'no-such-service' };

      await withAirflow(subject, async (airflow, signal) => {
        const deploy = airflow.deploy(documentFor(subject, name, { service }), signal);
        await expect(deploy).rejects.toBeInstanceOf(AirflowError);

        await patiently(subject, async () => {
          const errors = await airflow.listImportErrors(signal);
          const error = errors.find(({ fileLocation }) => fileLocation.endsWith(`${name}.py`));
          expect(error?.stackTrace).toContain('instance for no-such-service not found');
        });
        expect(await airflow.getDag(name, signal)).toBeUndefined();
        await airflow.remove(name, signal);
      });
    },
  },
  {
    sentence: 'a DAG file that breaks later has an import error that names the reason',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'broken');

        await subject.breakDagFile(dagId, 'broken by hand');

        await patiently(subject, async () => {
          const errors = await airflow.listImportErrors(signal);
          const error = errors.find(({ fileLocation }) => fileLocation.endsWith(`${dagId}.py`));
          expect(error?.stackTrace).toContain('broken by hand');
          expect(await airflow.getDag(dagId, signal)).toMatchObject({ hasImportErrors: true });
        });
      });
    },
  },
];
