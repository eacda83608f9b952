/** One check of a definition: with one value the object is admitted, with the other the API server blames a field. */
export interface RuleRow {
  /** How the message starts. */
  readonly message: string;
  /** Where the values go, such as `spec.valuesFrom.0.env`. */
  readonly set: string;
  readonly accepted: unknown;
  readonly refused: unknown;
  /** The field that is blamed, such as `spec.valuesFrom[0].env`; the one that was set when left out. */
  readonly blames?: string;
}

export function row(
  message: string,
  set: string,
  accepted: unknown,
  refused: unknown,
  blames?: string,
): RuleRow {
  return { message, set, accepted, refused, blames };
}

/** Kubernetes writes positions of lists in brackets. */
export function blamedField({ set, blames }: RuleRow): string {
  return blames ?? set.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');
}
