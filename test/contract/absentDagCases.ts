import { expect } from 'vitest';
import { newName } from './document.ts';
import { type ContractCase, withAirflow } from './subject.ts';

export const absentDagCases: readonly ContractCase[] = [
  {
    sentence: 'a DAG that Airflow does not know is undefined through both APIs, and has no runs',
    async run(subject) {
      const dagId = newName('absent');

      await withAirflow(subject, async (airflow, signal) => {
        expect(await airflow.getDag(dagId, signal)).toBeUndefined();
        expect(await airflow.recentRuns(dagId, signal)).toBeUndefined();
        expect(await airflow.listRuns({ dagIds: [dagId] }, signal)).toEqual([]);
      });
    },
  },
  {
    sentence: 'enabling, disabling and killing a DAG that Airflow does not know say dagNotFound',
    async run(subject) {
      const dagId = newName('absent');

      await withAirflow(subject, async (airflow, signal) => {
        await expect(airflow.enable(dagId, signal)).rejects.toMatchObject({ kind: 'dagNotFound' });
        await expect(airflow.disable(dagId, signal)).rejects.toMatchObject({ kind: 'dagNotFound' });
        await expect(airflow.kill(dagId, signal)).rejects.toMatchObject({ kind: 'dagNotFound' });
      });
    },
  },
  {
    sentence: 'triggering a DAG that Airflow does not know says dagNotFound, although the plugin says 500',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const trigger = airflow.trigger(newName('absent'), 'a-run', signal);

        await expect(trigger).rejects.toMatchObject({ kind: 'dagNotFound' });
      });
    },
  },
  {
    sentence: 'the log of a DAG that Airflow does not know says dagNotFound',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const log = airflow.lastLog(newName('absent'), 'ingestion_task', signal);

        await expect(log).rejects.toMatchObject({ kind: 'dagNotFound' });
      });
    },
  },
  {
    sentence: 'removing a DAG that is not there is done, although the plugin says 500',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        await expect(airflow.remove(newName('absent'), signal)).resolves.toBeUndefined();
      });
    },
  },
  {
    sentence: 'removing an id with an underscore at an end is refused before Airflow deletes another DAG',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        await expect(airflow.remove('_x_', signal)).rejects.toMatchObject({ kind: 'invalidPayload' });
      });
    },
  },
];
