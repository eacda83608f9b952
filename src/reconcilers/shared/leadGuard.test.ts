import { describe, expect, it } from 'vitest';
import type { Airflow } from '../../airflow/airflow.ts';
import { guardByLead, LeadLost } from './leadGuard.ts';

const signal = new AbortController().signal;

function createAirflow(calls: string[]): Airflow {
  async function change(): Promise<void> {
    calls.push('changed');
  }
  return {
    probe: () => Promise.reject(new Error('unused')),
    listDags: () => Promise.resolve([]),
    getDag: () => Promise.resolve(undefined),
    listRuns: () => Promise.resolve([]),
    listImportErrors: () => Promise.resolve([]),
    recentRuns: () => Promise.resolve([]),
    deploy: change,
    enable: change,
    disable: change,
    trigger: change,
    kill: change,
    remove: change,
    removeFiles: change,
    forget: change,
    async reparse() {
      await change();
      return 'asked';
    },
    lastLog: () => Promise.resolve(''),
    close: () => {},
  };
}

describe('guardByLead', () => {
  it.each(['enable', 'disable', 'kill', 'remove', 'removeFiles', 'forget', 'reparse', 'deploy'] as const)(
    'lets %s through for the leader only',
    async (verb) => {
      const calls: string[] = [];
      let isHeld = true;
      const airflow = guardByLead(createAirflow(calls), () => isHeld);

      await airflow[verb]('x', signal);
      isHeld = false;

      await expect(airflow[verb]('x', signal)).rejects.toBeInstanceOf(LeadLost);
      expect(calls).toEqual(['changed']);
    },
  );

  it('lets everybody read', async () => {
    await expect(guardByLead(createAirflow([]), () => false).listDags(signal)).resolves.toEqual([]);
  });
});
