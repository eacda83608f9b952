import { describe, expect, it } from 'vitest';
import { nextRunTime, scheduleFault } from './schedule.ts';

const now = Date.parse('2026-03-28T23:30:00Z');

describe('nextRunTime', () => {
  it.each([
    ['0 3 * * *', '2026-03-29T03:00:00.000Z'],
    ['@daily', '2026-03-29T00:00:00.000Z'],
    ['@hourly', '2026-03-29T00:00:00.000Z'],
    ['0 2 29 3 *', '2026-03-29T02:00:00.000Z'],
  ])('finds when %s fires next, in UTC also where clocks change', (expression, expected) => {
    expect(nextRunTime(expression, now)?.toISOString()).toBe(expected);
  });

  it.each([undefined, '@once'])('knows no time for %s', (expression) => {
    expect(nextRunTime(expression, now)).toBeUndefined();
  });
});

describe('scheduleFault', () => {
  it('says what is wrong with an expression, and nothing of a good one', () => {
    expect(scheduleFault('61 * * * *')).toBeTypeOf('string');
    expect(scheduleFault('*/5 * * * *')).toBeUndefined();
  });
});
