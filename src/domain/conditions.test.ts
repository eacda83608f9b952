import { describe, expect, it } from 'vitest';
import type { Condition } from '../api/condition.ts';
import { applyVerdicts, findCondition, toKubernetesTime, type Verdict } from './conditions.ts';

const BEFORE = '2026-11-23T06:00:00Z';
const NOW = Date.parse('2026-11-23T07:00:00.987Z');
const AFTER = '2026-11-23T07:00:00Z';

function known(type: string, status: Condition['status'], reason = 'Deploying'): Condition {
  return { type, status, reason, message: 'before', lastTransitionTime: BEFORE, observedGeneration: 1 };
}

function verdict(type: string, status: Condition['status'], changes: Partial<Verdict> = {}): Verdict {
  return { type, status, reason: 'Deploying', message: 'after', ...changes };
}

describe('conditions', () => {
  it('start with the time at which they are first judged', () => {
    expect(applyVerdicts([], [verdict('Ready', 'False')], 3, NOW)).toEqual([
      {
        type: 'Ready',
        status: 'False',
        reason: 'Deploying',
        message: 'after',
        observedGeneration: 3,
        lastTransitionTime: AFTER,
      },
    ]);
  });

  it.each<[string, Condition, Verdict, string]>([
    ['the same again', known('Ready', 'True'), verdict('Ready', 'True'), BEFORE],
    ['another status', known('Ready', 'True'), verdict('Ready', 'False'), AFTER],
    ['Unknown after False', known('Ready', 'False'), verdict('Ready', 'Unknown'), AFTER],
    ['another reason', known('Ready', 'False'), verdict('Ready', 'False', { reason: 'Timeout' }), BEFORE],
    ['the same trouble', known('Stalled', 'True'), verdict('Stalled', 'True'), BEFORE],
    ['other trouble', known('Stalled', 'True'), verdict('Stalled', 'True', { reason: 'Timeout' }), AFTER],
  ])('have their time of transition after %s', (_, before, next, expected) => {
    expect(applyVerdicts([before], [next], 2, NOW)).toMatchObject([
      { message: 'after', observedGeneration: 2, lastTransitionTime: expected },
    ]);
  });

  it('stay as they were where nobody judged them, except those that say something is wrong or under way', () => {
    const before = [known('Deployed', 'True'), known('Reconciling', 'True'), known('Stalled', 'True')];

    expect(applyVerdicts(before, [], 2, NOW)).toEqual([known('Deployed', 'True')]);
  });

  it('go by the last of several verdicts', () => {
    const verdicts = [verdict('Ready', 'True'), verdict('Ready', 'False')];

    expect(applyVerdicts([], verdicts, 1, NOW)).toMatchObject([{ status: 'False' }]);
  });

  it('are in one order, whatever the order of the verdicts', () => {
    const verdicts = ['Validated', 'Deployed', 'Ready'].map((type) => verdict(type, 'True'));
    const sorted = applyVerdicts([], verdicts, 1, NOW);

    expect(sorted.map(({ type }) => type)).toEqual(['Deployed', 'Ready', 'Validated']);
    expect(applyVerdicts([], verdicts.toReversed(), 1, NOW)).toEqual(sorted);
    expect(applyVerdicts(sorted, verdicts, 1, NOW + 60_000)).toEqual(sorted);
  });

  it('have no message longer than a kilobyte', () => {
    const [cut] = applyVerdicts([], [verdict('Ready', 'True', { message: 'x'.repeat(2_000) })], 1, NOW);

    expect(cut?.message).toHaveLength(1_024);
  });

  it('are found by type', () => {
    const conditions = [known('Ready', 'True'), known('Deployed', 'False')];

    expect(findCondition(conditions, 'Deployed')).toBe(conditions[1]);
    expect(findCondition(conditions, 'Enabled')).toBeUndefined();
  });
});

describe('times', () => {
  it('are in whole seconds of UTC', () => {
    expect(toKubernetesTime(NOW)).toBe(AFTER);
    expect(toKubernetesTime(0)).toBe('1970-01-01T00:00:00Z');
  });
});
