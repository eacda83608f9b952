import { describeSeconds } from './describeSeconds.ts';

const REPAINT_MS = 1_000;
const REPEAT_MS = 15_000;
const COLOURS = { running: '\u001B[36m', done: '\u001B[32m', failed: '\u001B[31m' } as const;
const MARKS = { running: '…', done: '✓', failed: '✗' } as const;
const ERASE_LINE = '\r\u001B[2K';
const RESET = '\u001B[0m';

type State = keyof typeof MARKS;

/** One long step on a stream. */
export class StepPainter {
  readonly #stream: NodeJS.WriteStream;
  readonly #title: string;
  readonly #usual: string;
  readonly #startedAt = Date.now();
  readonly #timer: NodeJS.Timeout;
  #detail = '';

  constructor(stream: NodeJS.WriteStream, title: string, usualSeconds: number | undefined) {
    this.#stream = stream;
    this.#title = title;
    this.#usual = usualSeconds === undefined ? '' : `, usually ${describeSeconds(usualSeconds)}`;
    this.#paint('running');
    this.#timer = setInterval(() => this.#paint('running'), stream.isTTY ? REPAINT_MS : REPEAT_MS);
    this.#timer.unref();
  }

  report(detail: string): void {
    if (detail === this.#detail) return;
    this.#detail = detail;
    this.#paint('running');
  }

  end(state: 'done' | 'failed'): void {
    clearInterval(this.#timer);
    this.#paint(state);
  }

  #paint(state: State): void {
    const line = `${MARKS[state]} ${this.#text(state)}`;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${line}\n`);
      return;
    }
    const coloured = process.env['NO_COLOR'] === undefined ? `${COLOURS[state]}${line}${RESET}` : line;
    this.#stream.write(`${ERASE_LINE}${coloured}${state === 'running' ? '' : '\n'}`);
  }

  #text(state: State): string {
    const elapsed = describeSeconds((Date.now() - this.#startedAt) / 1_000);
    if (state !== 'running') return `${this.#title}: ${state} after ${elapsed}`;
    const detail = this.#detail === '' ? '' : `: ${this.#detail}`;
    return `${this.#title}${detail} (${elapsed}${this.#usual})`;
  }
}
