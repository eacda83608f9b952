import { describe, expect, it } from 'vitest';
import { redact } from './redaction.ts';
import { SecretValue } from './secretValue.ts';

const secret = new SecretValue('p@ss"word');

describe('redact', () => {
  it.each([
    ['plain', 'x p@ss"word y'],
    ['base64', Buffer.from('p@ss"word').toString('base64')],
    ['URL-encoded', encodeURIComponent('p@ss"word')],
    ['JSON-escaped', JSON.stringify('p@ss"word')],
  ])('masks a known secret that is %s', (_, text) => {
    expect(redact(text, [secret])).toContain('[redacted]');
    expect(redact(text, [secret])).not.toContain('word');
  });

  it('masks any JSON web token, known or not', () => {
    expect(redact('token eyJhbGciOi.eyJzdWIi.sig-nature_1 end', [])).toBe('token [redacted] end');
  });
});
