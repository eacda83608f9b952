import { expect } from 'vitest';
import type { Airflow } from '../../src/airflow/airflow.ts';
import { deployed, newName, registered, triggered } from './document.ts';
import { type ContractCase, patiently, type Subject, withAirflow } from './subject.ts';

/** Airflow 2.7 cannot be asked. */
function answerOf(subject: Subject): 'asked' | 'unsupported' {
  return subject.generation === '2.7.3' ? 'unsupported' : 'asked';
}

/** A DAG with a run that has been stopped. */
async function ran(subject: Subject, airflow: Airflow, purpose: string): Promise<string> {
  const dagId = await deployed(subject, airflow, purpose);
  await triggered(subject, airflow, dagId);
  await airflow.kill(dagId, new AbortController().signal);
  return dagId;
}

/** What a mounted loader takes over, and what takes its DAGs back. */
export const fileCases: readonly ContractCase[] = [
  {
    sentence: "a DAG's file is parsed again on request, from 2.10 on, however often it is asked",
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'reparse');
        const { fileToken = '' } = await registered(subject, airflow, dagId);

        expect(await airflow.reparse(fileToken, signal)).toBe(answerOf(subject));
        expect(await airflow.reparse(fileToken, signal)).toBe(answerOf(subject));
      });
    },
  },
  {
    sentence: 'asking for a file as a user who may not is no error',
    async run(subject) {
      const password = 'a-password-for-a-viewer';
      const username = newName('viewer');
      await subject.createUser(username, password, 'Viewer');
      const token = await withAirflow(subject, async (airflow) => {
        const dagId = await deployed(subject, airflow, 'forbidden');
        return (await registered(subject, airflow, dagId)).fileToken ?? '';
      });

      await withAirflow(
        subject,
        async (airflow, signal) => expect(await airflow.reparse(token, signal)).toBe('unsupported'),
        { username, password },
      );
    },
  },
  {
    sentence: 'the files of a DAG that has run are removed; its runs stay on Airflow 3, and go on Airflow 2',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await ran(subject, airflow, 'files');

        await airflow.removeFiles(dagId, signal);

        const runs = await airflow.listRuns({ dagIds: [dagId] }, signal);
        expect(runs).toHaveLength(subject.generation === '3.3.0' ? 1 : 0);
        if (subject.generation === '3.3.0') {
          await patiently(subject, async () => {
            expect(await airflow.getDag(dagId, signal)).toMatchObject({ isActive: false });
          });
        } else {
          expect(await airflow.getDag(dagId, signal)).toBeUndefined();
        }
      });
    },
  },
  {
    sentence: 'removing files that are not there is done',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        await expect(airflow.removeFiles(newName('absent'), signal)).resolves.toBeUndefined();
      });
    },
  },
  {
    sentence: 'a DAG without a file is forgotten with its runs, and forgetting it twice is done',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await ran(subject, airflow, 'forgotten');
        await airflow.removeFiles(dagId, signal);

        await patiently(subject, () => airflow.forget(dagId, signal));

        await airflow.forget(dagId, signal);
        expect(await airflow.getDag(dagId, signal)).toBeUndefined();
        expect(await airflow.listRuns({ dagIds: [dagId] }, signal)).toEqual([]);
      });
    },
  },
  {
    sentence: 'a DAG that is forgotten while its file is there comes back paused, as its document says',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'returns');
        await airflow.enable(dagId, signal);

        await airflow.forget(dagId, signal);

        expect(await registered(subject, airflow, dagId)).toMatchObject({ isPaused: true, isActive: true });
      });
    },
  },
];
