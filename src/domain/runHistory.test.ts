import { describe, expect, it } from 'vitest';
import type { IngestionPipelineStatus } from '../api/ingestionPipeline.ts';
import type { DagRun, DagRunState } from './dagRun.ts';
import { updateRunHistory } from './runHistory.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-23T00:00:00Z');

/** A run that begins in the given hour and takes half of one. */
function run(runId: string, hour: number, state: DagRunState, trigger = 'scheduled'): DagRun {
  const begin = START + hour * HOUR;
  return {
    dagId: 'orders',
    runId,
    state,
    trigger,
    ...(state !== 'queued' && { startTime: new Date(begin).toISOString() }),
    ...((state === 'success' || state === 'failed') && { endTime: new Date(begin + HOUR / 2).toISOString() }),
  };
}

function after(...looks: readonly (readonly DagRun[])[]): IngestionPipelineStatus {
  return looks.reduce<IngestionPipelineStatus>(
    (known, runs) => ({ ...known, ...updateRunHistory(known, runs, 5).history }),
    {},
  );
}

describe('the history of runs', () => {
  it('says of each run what is known, in whole seconds', () => {
    const exact = {
      ...run('a', 0, 'success'),
      startTime: '2026-11-23T00:00:00.250Z',
      endTime: '2026-11-23T00:01:30.700Z',
    };

    expect(updateRunHistory({}, [exact], 5).history.lastRun).toEqual({
      runId: 'a',
      state: 'success',
      trigger: 'scheduled',
      startTime: '2026-11-23T00:00:00Z',
      endTime: '2026-11-23T00:01:30Z',
      durationSeconds: 90.5,
    });
  });

  it.each<[string, DagRun[], object]>([
    ['no run', [], { activeRuns: 0, consecutiveFailures: 0, recentRuns: [] }],
    ['one that is queued', [run('a', 0, 'queued')], { activeRuns: 1, consecutiveFailures: 0 }],
    ['one that runs', [run('a', 0, 'running')], { activeRuns: 1, consecutiveFailures: 0 }],
    ['one that failed', [run('a', 0, 'failed')], { activeRuns: 0, consecutiveFailures: 1 }],
    [
      'one that succeeded',
      [run('a', 0, 'success')],
      { activeRuns: 0, consecutiveFailures: 0, lastSuccessfulTime: '2026-11-23T00:30:00Z' },
    ],
    [
      'failures since the last success',
      [run('d', 3, 'failed'), run('c', 2, 'failed'), run('b', 1, 'success'), run('a', 0, 'failed')],
      { consecutiveFailures: 2, lastSuccessfulTime: '2026-11-23T01:30:00Z' },
    ],
  ])('of %s', (_, runs, expected) => {
    expect(updateRunHistory({}, runs, 5).history).toMatchObject(expected);
  });

  it('has the newest first, a queued one before all, and no more than asked for', () => {
    const runs = [
      run('a', 0, 'success'),
      run('c', 2, 'running'),
      run('q', 0, 'queued'),
      run('b', 1, 'failed'),
    ];
    const { history } = updateRunHistory({}, runs, 3);

    expect(history.recentRuns?.map(({ runId }) => runId)).toEqual(['q', 'c', 'b']);
    expect(history.lastRun?.runId).toBe('q');
  });

  it('keeps what Airflow has forgotten until newer runs push it out', () => {
    const known = after([run('a', 0, 'success')], [run('b', 1, 'failed')]);

    expect(known.recentRuns?.map(({ runId }) => runId)).toEqual(['b', 'a']);
    expect(known.consecutiveFailures).toBe(1);
  });

  it('counts the end of a run once, however often it is seen', () => {
    const known = after([run('a', 0, 'failed')], [run('a', 0, 'failed')], [run('a', 0, 'failed')]);

    expect(known.consecutiveFailures).toBe(1);
    expect(updateRunHistory(known, [run('a', 0, 'failed')], 5).newlyEnded).toEqual([]);
  });

  it('names what has ended since the last look, in the order of the ends', () => {
    const known = after([run('a', 0, 'running')]);
    const { newlyEnded, lastEnded } = updateRunHistory(
      known,
      [run('c', 2, 'queued'), run('b', 1, 'failed'), run('a', 0, 'success')],
      5,
    );

    expect(newlyEnded.map(({ runId }) => runId)).toEqual(['a', 'b']);
    expect(lastEnded?.runId).toBe('b');
  });

  it('counts the end of a long run that began before others ended', () => {
    const long = { ...run('long', 0, 'failed'), endTime: new Date(START + 5 * HOUR).toISOString() };
    const known = after([run('long', 0, 'running'), run('b', 1, 'success')]);

    expect(updateRunHistory(known, [run('b', 1, 'success'), long], 5).newlyEnded).toMatchObject([
      { runId: 'long' },
    ]);
  });

  it.each([0, 1, 2, 5, 25])('counts each end once, look by look, with a limit of %i', (limit) => {
    const states: readonly ('success' | 'failed')[] = [
      'failed',
      'failed',
      'success',
      'failed',
      'failed',
      'failed',
    ];
    const runs: DagRun[] = [];
    let known: IngestionPipelineStatus = {};
    let failures = 0;
    let ended = 0;

    states.forEach((state, hour) => {
      failures = state === 'failed' ? failures + 1 : 0;
      for (const phase of ['queued', 'running', 'running', state, state] as const) {
        const { history, newlyEnded } = updateRunHistory(
          known,
          [run(`${hour}`, hour, phase), ...runs],
          limit,
        );
        ended += newlyEnded.length;
        known = { ...known, ...history };
      }

      expect(known.consecutiveFailures).toBe(failures);
      expect(known.recentRuns).toHaveLength(Math.min(limit, hour + 1));
      runs.unshift(run(`${hour}`, hour, state));
    });

    expect(ended).toBe(states.length);
    expect(known.lastSuccessfulTime).toBe('2026-11-23T02:30:00Z');
  });
});
