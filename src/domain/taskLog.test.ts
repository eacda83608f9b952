import { describe, expect, it } from 'vitest';
import { excerptOfFailure } from './taskLog.ts';

const LOG = [
  '[2026-11-23T07:00:00] INFO - standard_task_runner.py:1 - Running',
  '[2026-11-23T07:00:01] ERROR - taskinstance.py:2 - Task failed with exception',
  'Traceback (most recent call last):',
  'ConnectionError: shop.db cannot be reached',
  '[2026-11-23T07:00:02] INFO - taskinstance.py:3 - Marking task as FAILED.',
  '[2026-11-23T07:00:03] INFO - local_task_job.py:4 - Task exited with return code 1',
  '',
].join('\n');

describe('the excerpt of a failed task’s log', () => {
  it('ends with the last line that has an error in it', () => {
    expect(excerptOfFailure(LOG, 1000).split('\n').at(-1)).toBe('ConnectionError: shop.db cannot be reached');
  });

  it('begins with a whole line, as early as there is room', () => {
    const excerpt = excerptOfFailure(LOG, 80);

    expect(excerpt).toBe('Traceback (most recent call last):\nConnectionError: shop.db cannot be reached');
  });

  it('is exactly what fits', () => {
    const text = 'Error: one\nError: two';

    expect(excerptOfFailure(text, 21)).toBe(text);
    expect(excerptOfFailure(text, 20)).toBe('Error: two');
  });

  it('is the end of the log where no line has an error', () => {
    expect(excerptOfFailure('one\ntwo\nthree\n', 9)).toBe('two\nthree');
  });

  it('is the end of a line that is too long by itself, cut at a character', () => {
    expect(excerptOfFailure(`Error: ${'é'.repeat(40)}`, 5)).toBe('éé');
  });

  it('is empty where the log is', () => {
    expect(excerptOfFailure('', 100)).toBe('');
  });
});
