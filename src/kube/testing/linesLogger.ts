import type { Logger } from '../../domain/logger.ts';

export interface LogLine {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

/** A logger that keeps its lines. */
export function linesLogger(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  function write(level: string): (fields: object, message: string) => void {
    return (fields, message) => lines.push({ level, fields, message });
  }
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
