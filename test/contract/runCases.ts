import { expect } from 'vitest';
import { createPoller } from '../../src/airflow/poller.ts';
import { deployed, triggered } from './document.ts';
import { type ContractCase, patiently, withAirflow } from './subject.ts';

export const runCases: readonly ContractCase[] = [
  {
    sentence: 'a triggered run of an enabled DAG succeeds under the id given, and has a log',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'run');
        await airflow.enable(dagId, signal);
        expect(await airflow.lastLog(dagId, 'ingestion_task', signal)).toBe('');
        const before = new Date(Date.now() - 60_000).toISOString();

        const runId = await triggered(subject, airflow, dagId);

        await patiently(subject, async () => {
          const [run] = await airflow.listRuns({ dagIds: [dagId], endedSince: before }, signal);
          expect(run).toMatchObject({ dagId, runId, state: 'success', trigger: 'manual' });
          expect(run?.startTime).toMatch(/Z$/);
          expect(run?.endTime).toMatch(/Z$/);
        });
        expect(await airflow.recentRuns(dagId, signal)).toMatchObject([{ runId, state: 'success' }]);
        const started = await airflow.listRuns({ dagIds: [dagId], startedSince: before }, signal);
        expect(started).toMatchObject([{ runId }]);
        // The log may be there some moments after the run has ended.
        await patiently(subject, async () => {
          expect((await airflow.lastLog(dagId, 'ingestion_task', signal)).length).toBeGreaterThan(10);
        });
      });
    },
  },
  {
    sentence: 'triggering twice with one run id says runExists and makes one run',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'twice');
        const runId = await triggered(subject, airflow, dagId);

        const second = airflow.trigger(dagId, runId, signal);

        await expect(second).rejects.toMatchObject({ kind: 'runExists' });
        expect(await airflow.listRuns({ dagIds: [dagId] }, signal)).toMatchObject([{ runId }]);
      });
    },
  },
  {
    sentence: 'a run of a paused DAG stays queued, and killing fails it',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'queued');
        const runId = await triggered(subject, airflow, dagId);
        const queued = await airflow.listRuns({ dagIds: [dagId], states: ['queued'] }, signal);
        expect(queued).toMatchObject([{ runId, state: 'queued' }]);
        expect(await airflow.recentRuns(dagId, signal)).toMatchObject([{ runId, state: 'queued' }]);

        await airflow.kill(dagId, signal);

        expect(await airflow.recentRuns(dagId, signal)).toMatchObject([{ runId, state: 'failed' }]);
        expect(await airflow.listRuns({ dagIds: [dagId], states: ['queued', 'running'] }, signal)).toEqual(
          [],
        );
      });
    },
  },
  {
    sentence: 'the poller sees a DAG, its run, and the end of the run, each when it happens',
    async run(subject) {
      await withAirflow(subject, async (airflow) => {
        const dagId = await deployed(subject, airflow, 'polled');
        const stop = new AbortController();
        const reported: string[] = [];
        const poller = createPoller({
          airflow,
          clock: Date.now,
          random: Math.random,
          log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
          activeInterval: 100,
          idleInterval: 400,
          onRecovered: ignore,
          onChange: (dagIds) => reported.push(...dagIds),
          interestingDagIds: () => [dagId],
        });
        const running = poller.run(stop.signal);
        try {
          await patiently(subject, async () =>
            expect(poller.view(dagId)).toMatchObject({ registered: true, runs: [] }),
          );

          const runId = await triggered(subject, airflow, dagId);
          await patiently(subject, async () =>
            expect(poller.view(dagId)?.runs).toMatchObject([{ runId, state: 'queued' }]),
          );

          await airflow.kill(dagId, stop.signal);
          await patiently(subject, async () =>
            expect(poller.view(dagId)?.runs).toMatchObject([{ runId, state: 'failed' }]),
          );
          expect(reported.length).toBeGreaterThanOrEqual(3);
          expect(poller.state()).toMatchObject({ kind: 'ok', coreApi: { kind: 'available' } });
        } finally {
          stop.abort();
          await running;
        }
      });
    },
  },
  {
    sentence: 'killing a DAG without runs is done',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'kill');

        await expect(airflow.kill(dagId, signal)).resolves.toBeUndefined();
      });
    },
  },
  {
    sentence: 'a DAG that never ran has no runs and an empty log',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'fresh');

        expect(await airflow.recentRuns(dagId, signal)).toEqual([]);
        expect(await airflow.listRuns({ dagIds: [dagId] }, signal)).toEqual([]);
        expect(await airflow.lastLog(dagId, 'ingestion_task', signal)).toBe('');
      });
    },
  },
  {
    sentence: 'runs are listed for many DAGs at once, all or only the newest',
    async run(subject) {
      await withAirflow(subject, async (airflow, signal) => {
        const dagId = await deployed(subject, airflow, 'many');
        const first = await triggered(subject, airflow, dagId);
        const second = await triggered(subject, airflow, dagId);
        const dagIds = [...Array.from({ length: 150 }, (_, index) => `contract_none_${index}`), dagId];

        const all = await airflow.listRuns({ dagIds }, signal);
        const newest = await airflow.listRuns({ dagIds: [dagId], newest: 1 }, signal);
        const everybodys = await airflow.listRuns({ states: ['queued'] }, signal);

        expect(all.map(({ runId }) => runId).toSorted()).toEqual([first, second].toSorted());
        expect(newest).toMatchObject([{ runId: second }]);
        expect(everybodys.map(({ runId }) => runId)).toEqual(expect.arrayContaining([first, second]));
      });
    },
  },
];

function ignore(): void {
  // Nobody reads the log here.
}
