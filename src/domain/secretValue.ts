const MASK = '[redacted]';

/**
 * A value read from a Secret. Printing, serialising or inspecting it shows a mask; only {@link reveal} gives
 * the text, and only the code that sends it to its destination may call that.
 */
export class SecretValue {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}
