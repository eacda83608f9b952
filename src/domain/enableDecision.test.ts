import { describe, expect, it } from 'vitest';
import { decideEnable, type EnableFacts } from './enableDecision.ts';

const running: EnableFacts = {
  isPaused: false,
  suspend: false,
  convergedBefore: true,
  driftPolicy: 'Correct',
};

describe('whether a DAG is unpaused or paused', () => {
  it.each<[string, Partial<EnableFacts>, object]>([
    ['is left alone where it runs as declared', {}, { kind: 'asWanted' }],
    [
      'is left alone where it is suspended as declared',
      { isPaused: true, suspend: true },
      { kind: 'asWanted' },
    ],
    [
      'is unpaused when it is new',
      { isPaused: true, convergedBefore: false },
      { kind: 'enable', isDrift: false },
    ],
    [
      'is paused when it becomes suspended',
      { suspend: true, convergedBefore: false },
      { kind: 'disable', isDrift: false },
    ],
    ['is unpaused when somebody paused it', { isPaused: true }, { kind: 'enable', isDrift: true }],
    ['is paused when somebody unpaused it', { suspend: true }, { kind: 'disable', isDrift: true }],
    [
      'is only reported where drift is not to be corrected',
      { isPaused: true, driftPolicy: 'Warn' },
      { kind: 'reportDrift' },
    ],
    [
      'is unpaused when it is new, whatever is to be done about drift',
      { isPaused: true, convergedBefore: false, driftPolicy: 'Warn' },
      { kind: 'enable', isDrift: false },
    ],
    [
      'is told once where Airflow does not say',
      { isPaused: undefined, convergedBefore: false },
      { kind: 'enable', isDrift: false },
    ],
    ['is not told again where Airflow does not say', { isPaused: undefined }, { kind: 'asWanted' }],
  ])('%s', (_, changes, expected) => {
    expect(decideEnable({ ...running, ...changes })).toEqual(expected);
  });

  it('never goes against what is declared', () => {
    for (const isPaused of [true, false, undefined]) {
      for (const convergedBefore of [true, false]) {
        for (const driftPolicy of ['Correct', 'Warn'] as const) {
          const facts = { isPaused, convergedBefore, driftPolicy };

          expect(decideEnable({ ...facts, suspend: true }).kind).not.toBe('enable');
          expect(decideEnable({ ...facts, suspend: false }).kind).not.toBe('disable');
        }
      }
    }
  });
});
