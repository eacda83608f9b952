import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

function logged(error: Error): string {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  createLog('info', stream).error({ err: error }, 'failed');
  return lines.join('');
}

describe('the log', () => {
  it('shows the kind and the message of an error of our own', () => {
    const error = Object.assign(new Error('no such DAG'), { kind: 'dagNotFound' });

    expect(JSON.parse(logged(error))).toMatchObject({ err: { kind: 'dagNotFound', message: 'no such DAG' } });
  });

  it.each(['body', 'headers', 'response'])(
    'withholds the message of an error that carries a %s',
    (member) => {
      const error = Object.assign(new Error('Body: hunter2'), { [member]: 'hunter2' });

      expect(logged(error)).not.toContain('hunter2');
    },
  );
});
