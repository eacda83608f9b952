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

  it.each([
    ['mysql+pymysql://shop:hunter22@db:3306/shop', 'mysql+pymysql://shop:[redacted]@db:3306/shop'],
    ['http://:hunter22@proxy', 'http://:[redacted]@proxy'],
    ['https://docs.example.org:8585/a@b', 'https://docs.example.org:8585/a@b'],
  ])('masks the password in any address that holds one: %s', (text, masked) => {
    expect(redact(text, [])).toBe(masked);
  });

  it('masks any JSON web token, known or not', () => {
    expect(redact('token eyJhbGciOi.eyJzdWIi.sig-nature_1 end', [])).toBe('token [redacted] end');
  });
});
