import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretValue } from './secretValue.ts';

describe('SecretValue', () => {
  const secret = new SecretValue('hunter2');

  it('gives its text only to who asks for it by name', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it.each([
    ['a template', String(secret)],
    ['JSON', JSON.stringify({ secret })],
    ['inspect', inspect({ secret }, { depth: 5, showHidden: true })],
    ['Object.entries', JSON.stringify(Object.entries(secret))],
  ])('does not show in %s', (_, text) => {
    expect(text).not.toContain('hunter2');
  });
});
