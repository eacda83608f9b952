import { readFileSync } from 'node:fs';

/** The last lines of a file, for error messages; empty when there is no such file. */
export function fileTail(path: string, lines = 30): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
