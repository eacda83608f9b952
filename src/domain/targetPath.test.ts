import { describe, expect, it } from 'vitest';
import { setAtPath } from './targetPath.ts';

describe('setAtPath', () => {
  it('makes the objects on the way and keeps what stands beside', () => {
    expect(setAtPath({ config: { a: 1 } }, 'config.b.c', 'x')).toEqual({ config: { a: 1, b: { c: 'x' } } });
  });

  it('replaces an item of a list', () => {
    expect(setAtPath({ list: [{ p: 1 }, { p: 2 }] }, 'list.1.p', 'x')).toEqual({
      list: [{ p: 1 }, { p: 'x' }],
    });
  });

  it('leaves the original alone', () => {
    const original = { config: { a: 1 } };
    setAtPath(original, 'config.a', 'x');

    expect(original).toEqual({ config: { a: 1 } });
  });

  it.each([
    ['leads through a text', { a: 'text' }, 'a.b'],
    ['names an item that is not there', { a: [] }, 'a.0'],
    ['takes a list for an object', { a: [1] }, 'a.b'],
  ])('refuses a path that %s', (_, root, path) => {
    expect(setAtPath(root, path, 'x')).toBeUndefined();
  });

  it('leaves prototypes alone', () => {
    setAtPath({ config: {} }, 'config.__proto__.polluted', 'x');

    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
