import { describe, expect, it } from 'vitest';
import { winnerOf, type Claim } from './claim.ts';

function claim(uid: string, creationTimestamp: string): Claim {
  return { namespace: 'team-a', name: uid, uid, creationTimestamp };
}

const oldest = claim('c', '2026-11-23T06:00:00Z');
const twin = claim('b', '2026-11-23T06:00:01Z');
const youngest = claim('d', '2026-11-23T06:00:01Z');

describe('a DAG that several claim', () => {
  it.each<[string, Claim[], Claim | undefined]>([
    ['nobody', [], undefined],
    ['the only one', [youngest], youngest],
    ['the oldest', [youngest, twin, oldest], oldest],
    ['of two of one age the one with the lower uid', [youngest, twin], twin],
  ])('goes to %s, in whatever order they come', (_, claims, expected) => {
    expect(winnerOf(claims)).toBe(expected);
    expect(winnerOf(claims.toReversed())).toBe(expected);
  });
});
