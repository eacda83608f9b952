/** How a record begins: its time, in some versions the place in the code, its level. */
const RECORD = /^\[\d{4}-\d\d-\d\d[^\]]*\] (?:\{[^}]*\} )?([A-Z]+) - (?:[\w.]+\.py:\d+ - )?(.*)$/;
const TRACEBACK = /^Traceback \(most recent call last\):/;
const SIGN_OF_FAULT = /\b(ERROR|CRITICAL|FATAL)\b|\w*(Error|Exception)\b/;

/** Lines that tell nothing: what Python and SQLAlchemy put between those that do. */
const FILLING =
  /^(|The above exception was .*|During handling of the above .*|\(Background on this error at: .*)$/;
/** Airflow's announcement of an exception, which follows it; and its repetition of the whole. */
const ANNOUNCEMENT = 'Task failed with exception';
const REPETITION = /^Failed to execute job \d+ for task /;

interface LogRecord {
  readonly isError: boolean;
  readonly lines: string[];
}

/**
 * The part of a failed task's log that most likely says why: what was logged as an error, with the exceptions but without
 * their stack traces; where nothing was, what leads to the last line with an error in it, or the end. At most so many
 * bytes, the last ones, in whole lines where possible.
 */
export function excerptOfFailure(log: string, maximumBytes: number): string {
  const records = recordsOf(log);
  const errors = records.filter(({ isError }) => isError).flatMap(tellingLines);
  return endOf(
    errors.length > 0 ? [...new Set(errors)] : untilLastSign(records.flatMap(tellingLines)),
    maximumBytes,
  );
}

function recordsOf(log: string): LogRecord[] {
  const records: LogRecord[] = [];
  for (const line of log.split('\n')) {
    const [, level, text] = RECORD.exec(line) ?? [];
    const last = records.at(-1);
    if (level !== undefined && text !== undefined) {
      const isError = /^(ERROR|CRITICAL|FATAL)$/.test(level) && !REPETITION.test(text);
      records.push({ isError, lines: [text] });
    } else if (last === undefined) {
      records.push({ isError: false, lines: [line] });
    } else {
      last.lines.push(line);
    }
  }
  return records;
}

/** In a stack trace, only what is not indented is not the way through the code. */
function tellingLines({ lines }: LogRecord): string[] {
  let inTraceback = false;
  const telling = lines.filter((line) => {
    const begins = TRACEBACK.test(line);
    inTraceback = begins || (inTraceback && /^(\s|$)/.test(line));
    return !inTraceback && !FILLING.test(line.trimEnd());
  });
  return telling.length > 1 && telling[0] === ANNOUNCEMENT ? telling.slice(1) : telling;
}

function untilLastSign(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => SIGN_OF_FAULT.test(line));
  return last === -1 ? lines : lines.slice(0, last + 1);
}

function endOf(lines: readonly string[], maximumBytes: number): string {
  const kept: string[] = [];
  let room = maximumBytes;
  for (const line of lines.toReversed()) {
    room -= Buffer.byteLength(line) + 1;
    if (room < -1) {
      break;
    }
    kept.unshift(line);
  }
  return kept.length > 0 ? kept.join('\n') : endOfLine(lines.at(-1) ?? '', maximumBytes);
}

/** Cuts at a character, never within one. */
function endOfLine(text: string, maximumBytes: number): string {
  const bytes = Buffer.from(text);
  return bytes
    .subarray(Math.max(0, bytes.length - maximumBytes))
    .toString()
    .replace(/^�+/, '');
}
