import { describe, expect, it } from 'vitest';
import { airflowOptions } from './airflowOptions.ts';
import { dropNulls } from './json.ts';

const DAY = 86_400;

describe('airflowOptions', () => {
  it.each([
    ['nothing', undefined],
    ['no options', {}],
    ['what is copied from OpenMetadata', { pausePipeline: false }],
  ])('makes a new DAG begin paused, given %s', (_, config) => {
    expect(dropNulls(airflowOptions(config))).toEqual({ pausePipeline: true });
  });

  it('passes on everything else as it is', () => {
    const config = { scheduleInterval: '@daily', retries: 0, pipelineCatchup: false, email: 'a@example.org' };

    expect(airflowOptions(config)).toMatchObject(config);
  });

  it.each([
    [1, 1],
    [DAY - 1, 1],
    [DAY, 1],
    [DAY + 1, 2],
    [365 * DAY, 365],
  ])('turns a timeout of %i seconds into %i whole days', (seconds, days) => {
    expect(airflowOptions({ workflowTimeout: seconds }).workflowTimeout).toBe(days);
  });
});
