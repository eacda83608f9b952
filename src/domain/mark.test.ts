import { describe, expect, it } from 'vitest';
import { appendMark, createMark, readMark, sameOwner } from './mark.ts';

const owner = { ownerId: 'default', namespace: 'team-a', name: 'orders.metadata' };
const mark = createMark(owner, '0123456789abcdef'.repeat(4));

describe('the mark in a description', () => {
  it.each(['', 'Nightly metadata', 'ends in a bracket [x]'])('can be read again after %j', (description) => {
    expect(readMark(appendMark(description, mark))).toEqual(mark);
  });

  it('is absent from what people write themselves', () => {
    expect(readMark('Nightly [ingestion.open-metadata.org]')).toBeUndefined();
  });

  it('counts only at the end, so that a copied description does not confuse it', () => {
    const copied = appendMark('x', createMark({ ...owner, name: 'other' }, 'f'.repeat(64)));

    expect(readMark(appendMark(copied, mark))).toEqual(mark);
  });
});

describe('sameOwner', () => {
  it('tells operators, namespaces and names apart', () => {
    expect(sameOwner(owner, { ...owner })).toBe(true);
    expect(sameOwner(owner, { ...owner, ownerId: 'b' })).toBe(false);
    expect(sameOwner(owner, { ...owner, namespace: 'b' })).toBe(false);
    expect(sameOwner(owner, { ...owner, name: 'b' })).toBe(false);
  });
});
