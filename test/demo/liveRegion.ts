const UP_AND_ERASE = '\u001B[1A\u001B[2K';
const USUAL_WIDTH = 80;

/** The last lines of a terminal, painted again and again, with finished lines scrolling by above them. */
export class LiveRegion {
  readonly #stream: NodeJS.WriteStream;
  #painted = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Writes lines that stay, and paints the region below them anew. */
  show(staying: readonly string[], region: readonly string[]): void {
    // A line that wraps would take two rows to erase.
    const width = (this.#stream.columns || USUAL_WIDTH) - 1;
    const lines = [...staying, ...region.map((line) => line.slice(0, width))];
    const text = lines.map((line) => `${line}\n`).join('');
    this.#stream.write(`${UP_AND_ERASE.repeat(this.#painted)}${text}`);
    this.#painted = region.length;
  }
}
