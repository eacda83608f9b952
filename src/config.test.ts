import { describe, expect, it } from 'vitest';
import { readSettings } from './config.ts';

describe('readSettings', () => {
  it('has a default for everything', () => {
    const result = readSettings([], {});

    expect(result).toMatchObject({
      ok: true,
      settings: { 'owner-id': 'default', port: 8080, concurrency: 8 },
    });
  });

  it('takes a flag before the environment, and the environment before the default', () => {
    const environment = { INGESTION_OPERATOR_PORT: '9000', INGESTION_OPERATOR_LOG_LEVEL: 'debug' };

    expect(readSettings(['--port=9001'], environment)).toMatchObject({
      settings: { port: 9001, 'log-level': 'debug' },
    });
  });

  it('reads lists and references', () => {
    const result = readSettings(['--watch-namespaces=a,b', '--default-client=ns/airflow'], {});

    expect(result).toMatchObject({
      settings: { 'watch-namespaces': ['a', 'b'], 'default-client': { namespace: 'ns', name: 'airflow' } },
    });
  });

  it.each([
    ['a port that is none', ['--port=x'], '--port'],
    ['a client without namespace', ['--default-client=airflow'], 'namespace/name'],
    ['a namespace that is none', ['--watch-namespaces=A_b'], 'DNS label'],
    ['a flag that does not exist', ['--nonsense=1'], 'nonsense'],
    ['an owner with a slash', ['--owner-id=a/b'], '--owner-id'],
  ])('refuses %s and says which flag it was', (_, args, complaint) => {
    const result = readSettings(args, {});

    expect(result.ok).toBe(false);
    expect(result.ok ? '' : result.message).toContain(complaint);
  });
});
