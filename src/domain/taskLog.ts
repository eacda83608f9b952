const SIGN_OF_FAULT = /\b(ERROR|CRITICAL|FATAL)\b|\w*(Error|Exception)\b/;

/**
 * The part of a failed task's log that most likely says why: what leads to the last line with an error in it, or the end
 * where no line has one. Airflow writes lines about itself after the error, which tell nothing. At most so many bytes,
 * whole lines where possible.
 */
export function excerptOfFailure(log: string, maximumBytes: number): string {
  const lines = log.trimEnd().split('\n');
  const last = lines.findLastIndex((line) => SIGN_OF_FAULT.test(line));
  const relevant = last === -1 ? lines : lines.slice(0, last + 1);
  const kept: string[] = [];
  let room = maximumBytes;
  for (const line of relevant.toReversed()) {
    room -= Buffer.byteLength(line) + 1;
    if (room < -1) {
      break;
    }
    kept.unshift(line);
  }
  return kept.length > 0 ? kept.join('\n') : endOf(relevant.at(-1) ?? '', maximumBytes);
}

/** Cuts at a character, never within one. */
function endOf(text: string, maximumBytes: number): string {
  const bytes = Buffer.from(text);
  return bytes
    .subarray(Math.max(0, bytes.length - maximumBytes))
    .toString()
    .replace(/^�+/, '');
}
