import { describe, expect, it } from 'vitest';
import { excerptOfFailure } from './taskLog.ts';

/** As Airflow 2.10.5 has written it, shortened. */
const REFUSED = `[2026-11-23T11:03:42.327+0000] {taskinstance.py:732} INFO - ::endgroup::
[2026-11-23T11:03:43.350+0000] {test_connections.py:203} INFO - Running CheckAccess...
[2026-11-23T11:03:43.354+0000] {test_connections.py:214} ERROR - CheckAccess-(pymysql.err.OperationalError) (2003, "Can't connect to MySQL server on 'db'")
(Background on this error at: https://sqlalche.me/e/14/e3q8)
[2026-11-23T11:03:43.356+0000] {test_connections.py:203} INFO - Running GetTables...
[2026-11-23T11:03:43.358+0000] {test_connections.py:229} INFO - errorLog='(pymysql.err.OperationalError)'
[2026-11-23T11:03:43.359+0000] {taskinstance.py:3313} ERROR - Task failed with exception
Traceback (most recent call last):
  File "/airflow/models/taskinstance.py", line 768, in _execute_task
    result = _execute_callable(context=context, **execute_callable_kwargs)
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

OSError: no route
  to the host

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/metadata/ingestion/connections/test_connections.py", line 238, in raise_test_connection_exception
    raise SourceConnectionException(
metadata.SourceConnectionException: Failed to run the test connection step: CheckAccess
[2026-11-23T11:03:43.363+0000] {common.py:327} INFO - Sending failed status from callback...
[2026-11-23T11:03:43.383+0000] {standard_task_runner.py:124} ERROR - Failed to execute job 11 for task ingestion_task (Failed to run the test connection step: CheckAccess; 27541)
Traceback (most recent call last):
  File "/airflow/task/task_runner/standard_task_runner.py", line 117, in _start_by_fork
    ret = args.func(args, dag=self.dag)
metadata.SourceConnectionException: Failed to run the test connection step: CheckAccess
[2026-11-23T11:03:43.443+0000] {local_task_job_runner.py:266} INFO - Task exited with return code 1
`;

describe('the excerpt of a failed task’s log', () => {
  it('is what was logged as an error and the exceptions, each once, without the way through the code', () => {
    expect(excerptOfFailure(REFUSED, 1000).split('\n')).toEqual([
      `CheckAccess-(pymysql.err.OperationalError) (2003, "Can't connect to MySQL server on 'db'")`,
      'OSError: no route',
      '  to the host',
      'metadata.SourceConnectionException: Failed to run the test connection step: CheckAccess',
    ]);
  });

  it('knows the records of Airflow 3, and keeps one that tells no more than that the task failed', () => {
    const log = [
      '[2026-11-23T07:00:00] INFO - standard_task_runner.py:1 - Running',
      '[2026-11-23T07:00:01] ERROR - source.py:7 - shop.db cannot be reached',
      '[2026-11-23T07:00:01] ERROR - taskinstance.py:2 - Task failed with exception',
      '[2026-11-23T07:00:02] INFO - local_task_job.py:4 - Task exited with return code 1',
    ].join('\n');

    expect(excerptOfFailure(log, 1000)).toBe('shop.db cannot be reached\nTask failed with exception');
  });

  it('is what came last where there is not room for all, in whole lines', () => {
    const log = '[2026-11-23T07:00:01] ERROR - one\n[2026-11-23T07:00:01] CRITICAL - two\nthree';

    expect(excerptOfFailure(log, 13)).toBe('one\ntwo\nthree');
    expect(excerptOfFailure(log, 12)).toBe('two\nthree');
  });

  it.each([
    ['leads to the last line with an error in it', 'one\nValueError: two\nthree', 'one\nValueError: two'],
    ['is the end of the log where no line has one', 'one\ntwo\nthree\n', 'one\ntwo\nthree'],
    [
      'leaves out the way through the code',
      'Traceback (most recent call last):\n  File "a.py", line 1, in a\n    raise\nValueError: two',
      'ValueError: two',
    ],
  ])('where nothing is marked as an error %s', (_, log, excerpt) => {
    expect(excerptOfFailure(log, 100)).toBe(excerpt);
  });

  it('is the end of a line that is too long by itself, cut at a character', () => {
    expect(excerptOfFailure(`Error: ${'é'.repeat(40)}`, 5)).toBe('éé');
  });

  it.each(['', '\n', '[2026-11-23T07:00:01] ERROR - '])('is empty where the log tells nothing: %j', (log) => {
    expect(excerptOfFailure(log, 100)).toBe('');
  });
});
