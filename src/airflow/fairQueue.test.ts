import { describe, expect, test } from 'vitest';
import { createFairQueue, type FairQueue } from './fairQueue.ts';

function queueOf(...keys: readonly string[]): FairQueue {
  const queue = createFairQueue();
  keys.forEach((key) => queue.add(key));
  return queue;
}

function takeAll(queue: FairQueue): string[] {
  const taken: string[] = [];
  for (let key = queue.take(); key !== undefined; key = queue.take()) {
    taken.push(key);
  }
  return taken;
}

describe('the order', () => {
  test.each<[string, string[], string[]]>([
    ['of nothing is nothing', [], []],
    ['of one namespace is that of their coming', ['a/3', 'a/1', 'a/2'], ['a/3', 'a/1', 'a/2']],
    [
      'of several gives each namespace one turn in a round',
      ['a/1', 'a/2', 'a/3', 'a/4', 'b/1', 'b/2', 'c/1'],
      ['a/1', 'b/1', 'c/1', 'a/2', 'b/2', 'a/3', 'a/4'],
    ],
    ['is kept by a key that comes again', ['a/1', 'a/2', 'a/1'], ['a/1', 'a/2']],
    ['tells namespaces apart that begin alike', ['a/1', 'a/2', 'ab/1'], ['a/1', 'ab/1', 'a/2']],
  ])('%s', (_, keys, expected) => {
    expect(takeAll(queueOf(...keys))).toEqual(expected);
  });

  test('lets a namespace that comes late wait for one key of each other, not for all of them', () => {
    const queue = queueOf(...Array.from({ length: 190 }, (_, index) => `big/${index}`));
    queue.take();
    queue.add('small/1');

    expect([queue.take(), queue.take()]).toEqual(['big/1', 'small/1']);
  });

  test('puts a namespace that has run empty and comes again behind the others', () => {
    const queue = queueOf('a/1', 'b/1', 'b/2');
    queue.take();
    queue.add('a/2');

    expect(takeAll(queue)).toEqual(['b/1', 'a/2', 'b/2']);
  });

  test('closes up where a key is deleted, and its namespace keeps its turn', () => {
    const queue = queueOf('a/1', 'a/2', 'a/3', 'b/1', 'c/1');
    queue.delete('a/1');
    queue.delete('b/1');
    queue.delete('b/1');
    queue.delete('no/such');

    expect(queue.size).toBe(3);
    expect(takeAll(queue)).toEqual(['a/2', 'c/1', 'a/3']);
    expect(queue.size).toBe(0);
  });
});

describe('the number ahead', () => {
  test('of a key that does not wait is that of all', () => {
    expect(queueOf('a/1', 'b/1').ahead('c/1')).toBe(2);
    expect(queueOf('a/1', 'b/1').ahead('a/2')).toBe(2);
  });

  test('is how many are taken before, at every moment', () => {
    const queue = queueOf('a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'a/4', 'c/1', 'a/5', 'c/2', 'c/3');
    queue.delete('a/2');
    while (queue.size > 0) {
      const keys = ['a/1', 'a/3', 'a/4', 'a/5', 'b/1', 'b/2', 'c/1', 'c/2', 'c/3'];
      const places = new Map(keys.map((key) => [key, queue.ahead(key)]));
      const waiting = queue.size;
      const next = keys.filter((key) => places.get(key) === 0);

      expect(next).toHaveLength(1);
      expect(new Set(places.values())).toEqual(
        new Set(Array.from({ length: waiting + (waiting < keys.length ? 1 : 0) }, (_, place) => place)),
      );
      expect(queue.take()).toBe(next[0]);
    }
  });

  test('agrees with the order in which ten thousand keys of forty namespaces are taken', () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `namespace-${(index * index) % 40}/${index}`);
    const queue = queueOf(...keys);
    const promised = new Map(keys.map((key) => [key, queue.ahead(key)]));

    expect(takeAll(queue).map((key) => promised.get(key))).toEqual(keys.map((_, place) => place));
  });
});
