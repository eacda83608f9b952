import { describe, expect, it } from 'vitest';
import { isAtLeast, parseVersion, versionsFit } from './version.ts';

describe('versions', () => {
  it.each([
    ['1.10.2', { major: 1, minor: 10 }],
    ['1.10.2.0', { major: 1, minor: 10 }],
    ['v2.0', { major: 2, minor: 0 }],
    ['1.13.0-SNAPSHOT', { major: 1, minor: 13 }],
    ['2', undefined],
    ['', undefined],
    ['latest', undefined],
  ])('are read from %j', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it.each([
    [{ major: 1, minor: 5 }, true],
    [{ major: 1, minor: 10 }, true],
    [{ major: 2, minor: 0 }, true],
    [{ major: 1, minor: 4 }, false],
    [{ major: 0, minor: 13 }, false],
  ])('are compared as numbers: %j is at least 1.5: %j', (version, expected) => {
    expect(isAtLeast(version, 1, 5)).toBe(expected);
  });

  it('fit together when major and minor are equal', () => {
    expect(versionsFit({ major: 1, minor: 10 }, { major: 1, minor: 10 })).toBe(true);
    expect(versionsFit({ major: 1, minor: 10 }, { major: 1, minor: 1 })).toBe(false);
    expect(versionsFit({ major: 1, minor: 10 }, { major: 2, minor: 10 })).toBe(false);
  });
});
