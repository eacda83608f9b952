import { describe, expect, it } from 'vitest';
import { findRunRequest, type RunRequestInput } from './runRequest.ts';

const settled: RunRequestInput = {
  owner: { ownerId: 'default', namespace: 'team-a', name: 'orders' },
  annotation: undefined,
  nonce: undefined,
  generation: 1,
  status: {},
};

function idOf(changes: Partial<RunRequestInput>): string | undefined {
  return findRunRequest({ ...settled, ...changes })?.runId;
}

describe('a request for a run', () => {
  it.each<[string, Partial<RunRequestInput>, boolean]>([
    ['nothing', {}, false],
    ['a new annotation', { annotation: 'a' }, true],
    ['another annotation', { annotation: 'b', status: { lastHandledRunRequest: 'a' } }, true],
    ['an annotation that was handled', { annotation: 'a', status: { lastHandledRunRequest: 'a' } }, false],
    ['an annotation that was taken away', { status: { lastHandledRunRequest: 'a' } }, false],
    ['a new nonce', { nonce: '1' }, true],
    ['another nonce', { nonce: '2', status: { lastHandledRunNonce: '1' } }, true],
    ['a nonce that was handled', { nonce: '1', status: { lastHandledRunNonce: '1' } }, false],
    ['a nonce that was taken away', { status: { lastHandledRunNonce: '1' } }, false],
    [
      'a handled nonce beside a new annotation',
      { annotation: 'a', nonce: '1', status: { lastHandledRunNonce: '1' } },
      true,
    ],
  ])('is told by %s: %j', (_, changes, expected) => {
    expect(idOf(changes) !== undefined).toBe(expected);
  });

  it('has the same id whenever it is looked at, so that it cannot start two runs', () => {
    expect(idOf({ annotation: 'a' })).toBe(
      idOf({ annotation: 'a', generation: 9, status: { activeRuns: 3 } }),
    );
    expect(idOf({ nonce: '1' })).toBe(idOf({ nonce: '1', status: { lastHandledRunNonce: '0' } }));
  });

  it('has an id of its own for each request', () => {
    const ids = [
      idOf({ annotation: 'a' }),
      idOf({ annotation: 'b' }),
      idOf({ nonce: 'a' }),
      idOf({ nonce: 'b' }),
      idOf({ nonce: 'b', generation: 2 }),
      idOf({ nonce: 'b', owner: { ...settled.owner, name: 'other' } }),
      idOf({ nonce: 'b', owner: { ...settled.owner, ownerId: 'east' } }),
    ];

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('settles annotation and nonce together', () => {
    expect(findRunRequest({ ...settled, annotation: 'a', nonce: '1' })?.handled).toEqual({
      lastHandledRunRequest: 'a',
      lastHandledRunNonce: '1',
    });
  });
});
