import { describeSeconds } from '../support/describeSeconds.ts';

/** A step under way. */
export class RunningStep {
  readonly title: string;
  detail = '';
  readonly #usualSeconds: number | undefined;
  readonly #startedAt = Date.now();

  constructor(title: string, usualSeconds: number | undefined) {
    this.title = title;
    this.#usualSeconds = usualSeconds;
  }

  elapsedSeconds(): number {
    return (Date.now() - this.#startedAt) / 1_000;
  }

  /** "… title: detail (8 s, usually 15 s)". */
  describe(): string {
    const usual = this.#usualSeconds === undefined ? '' : `, usually ${describeSeconds(this.#usualSeconds)}`;
    const detail = this.detail === '' ? '' : `: ${this.detail}`;
    return `… ${this.title}${detail} (${describeSeconds(this.elapsedSeconds())}${usual})`;
  }
}
