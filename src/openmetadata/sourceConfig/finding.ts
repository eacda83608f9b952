import type { Fault } from './fault.ts';

/** Something to correct in a source configuration, in words for the person who wrote it. */
export interface Finding {
  readonly kind: Fault['kind'] | 'unknownType';
  /** `error`: OpenMetadata refuses it. `warning`: OpenMetadata ignores it, or may know it although this operator does not. */
  readonly severity: 'error' | 'warning';
  /** From spec.sourceConfig down, such as `/config/tableFilterPatern`. */
  readonly pointer: string;
  /** What is wrong. Tells no value that could be a secret. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
}

const MOST = 5;

/** Findings as one text for a condition, errors first: `/config/x: unknown key, did you mean y?; …` */
export function describeFindings(findings: readonly Finding[]): string {
  const urgent = findings.toSorted((left, right) => weight(left) - weight(right));
  const told = urgent
    .slice(0, MOST)
    .map(({ pointer, message, remedy }) => `${pointer}: ${message}, ${remedy}`);
  const more = findings.length - told.length;
  return told.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function weight({ severity }: Finding): number {
  return severity === 'error' ? 0 : 1;
}
