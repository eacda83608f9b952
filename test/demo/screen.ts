import { styleText } from 'node:util';
import { describeSeconds } from '../support/describeSeconds.ts';
import type { Progress, Report } from '../support/progress.ts';
import { LiveRegion } from './liveRegion.ts';
import { RunningStep } from './runningStep.ts';

type Style = Parameters<typeof styleText>[0];

const REPAINT_MS = 1_000;
const REPEAT_MS = 15_000;

/** What the one who watches the demo sees. Steps may run side by side. */
export class Screen implements Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #region: LiveRegion;
  readonly #running = new Set<RunningStep>();
  readonly #began = Date.now();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#region = new LiveRegion(stream);
  }

  elapsed(): string {
    return describeSeconds((Date.now() - this.#began) / 1_000);
  }

  print(text: string): void {
    this.#write(text.trimEnd().split('\n'));
  }

  heading(text: string): void {
    this.print(`\n${this.style(['bold', 'cyan'], text)}  ${this.style('dim', `after ${this.elapsed()}`)}`);
  }

  /** As if typed at a prompt. */
  command(text: string): void {
    this.print(`${this.style('dim', '$')} ${this.style('bold', text)}`);
  }

  /** Coloured where the output is a terminal that wants it. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream, validateStream: true });
  }

  async step<T>(title: string, action: (report: Report) => Promise<T>, usualSeconds?: number): Promise<T> {
    const step = new RunningStep(title, usualSeconds);
    this.#running.add(step);
    this.#tell(step);
    const timer = setInterval(() => this.#tell(step), this.#stream.isTTY ? REPAINT_MS : REPEAT_MS);
    try {
      const result = await action((detail) => this.#report(step, detail));
      this.#finish(step, this.style('green', '✓'));
      return result;
    } catch (error) {
      this.#finish(step, this.style('red', '✗'));
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  #report(step: RunningStep, detail: string): void {
    if (step.detail === detail) return;
    step.detail = detail;
    this.#tell(step);
  }

  #tell(step: RunningStep): void {
    this.#write(this.#stream.isTTY ? [] : [step.describe()]);
  }

  #finish(step: RunningStep, mark: string): void {
    this.#running.delete(step);
    this.print(`${mark} ${step.title}  ${this.style('dim', describeSeconds(step.elapsedSeconds()))}`);
  }

  #write(lines: readonly string[]): void {
    const steps = this.#stream.isTTY ? [...this.#running].map((step) => step.describe()) : [];
    this.#region.show(lines, steps);
  }
}
