import { describe, expect, it } from 'vitest';
import type { AllowedNamespaces, LabelSelector } from '../api/allowedNamespaces.ts';
import { isNamespaceAllowed } from './allowedNamespaces.ts';

const labels = { team: 'a', stage: 'production', empty: '' };

function isAllowed(allowed: AllowedNamespaces | undefined, name = 'team-a'): boolean {
  return isNamespaceAllowed(allowed, 'openmetadata', { name, labels });
}

describe('whether a client admits a namespace', () => {
  it.each<[string, AllowedNamespaces | undefined, boolean]>([
    ['nothing declared', undefined, false],
    ['nothing declared about where from', {}, false],
    ['Same', { from: 'Same' }, false],
    ['All', { from: 'All' }, true],
    ['Selector without selector', { from: 'Selector' }, false],
    ['Selector that chooses all', { from: 'Selector', selector: {} }, true],
  ])('with %s', (_, allowed, expected) => {
    expect(isAllowed(allowed)).toBe(expected);
    expect(isAllowed(allowed, 'openmetadata')).toBe(true);
  });

  it.each<[string, LabelSelector, boolean]>([
    ['a label as it is', { matchLabels: { team: 'a' } }, true],
    ['another value', { matchLabels: { team: 'b' } }, false],
    ['one of two labels', { matchLabels: { team: 'a', other: 'x' } }, false],
    [
      'a value in the list',
      { matchExpressions: [{ key: 'team', operator: 'In', values: ['b', 'a'] }] },
      true,
    ],
    ['no value in the list', { matchExpressions: [{ key: 'team', operator: 'In', values: ['b'] }] }, false],
    [
      'a list for a label that is not there',
      { matchExpressions: [{ key: 'x', operator: 'In', values: [''] }] },
      false,
    ],
    [
      'a value not in the list',
      { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['b'] }] },
      true,
    ],
    [
      'a value in the list of others',
      { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] },
      false,
    ],
    [
      'a list of others for no label',
      { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['a'] }] },
      true,
    ],
    ['a label that is there, if empty', { matchExpressions: [{ key: 'empty', operator: 'Exists' }] }, true],
    ['a label that is not there', { matchExpressions: [{ key: 'x', operator: 'Exists' }] }, false],
    ['the absence of a label', { matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] }, true],
    [
      'the absence of one that is there',
      { matchExpressions: [{ key: 'empty', operator: 'DoesNotExist' }] },
      false,
    ],
    [
      'labels and expressions, all of them',
      { matchLabels: { team: 'a' }, matchExpressions: [{ key: 'stage', operator: 'In', values: ['test'] }] },
      false,
    ],
  ])('by %s', (_, selector, expected) => {
    expect(isAllowed({ from: 'Selector', selector })).toBe(expected);
  });
});
