import { expect, test } from 'vitest';
import type { DagRow } from './dagTable.ts';
import { createParseCount } from './parseCount.ts';

function rowOf(dagId: string, file: string, lastParsed: string | undefined, isStale = false): DagRow {
  return { dagId, file, lastParsed, isStale, isPaused: false, description: '' };
}

test('a file with many DAGs is parsed once when all of them are', () => {
  const count = createParseCount();
  count.look([rowOf('a', 'loader', '10:00:01'), rowOf('b', 'loader', '10:00:02')]);
  count.look([rowOf('a', 'loader', '10:00:31'), rowOf('b', 'loader', '10:00:32')]);

  expect(count.parses()).toBe(1);
  expect(count.completeLoops()).toBe(1);
});

test('a loop is complete when the slowest file was parsed', () => {
  const count = createParseCount();
  count.look([rowOf('a', 'a.py', '10:00:01'), rowOf('b', 'b.py', '10:00:02')]);
  count.look([rowOf('a', 'a.py', '10:00:31'), rowOf('b', 'b.py', '10:00:02')]);
  count.look([rowOf('a', 'a.py', '10:01:01'), rowOf('b', 'b.py', '10:00:02')]);

  expect(count.parses()).toBe(2);
  expect(count.completeLoops()).toBe(0);
});

test('what was there at the first look, and what is gone, is no parse', () => {
  const count = createParseCount();
  count.look([rowOf('a', 'a.py', '10:00:01'), rowOf('b', 'b.py', undefined)]);
  count.look([rowOf('a', 'a.py', '10:00:01'), rowOf('c', 'c.py', '10:00:31', true)]);

  expect(count.parses()).toBe(0);
  expect(count.files()).toBe(1);
});
