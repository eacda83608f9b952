/** A text that Airflow's own environment supplies: the document holds `${NAME}`, never the value. */
export class PlaceholderValue {
  readonly #environmentVariable: string;

  constructor(environmentVariable: string) {
    this.#environmentVariable = environmentVariable;
  }

  toString(): string {
    return `\${${this.#environmentVariable}}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
