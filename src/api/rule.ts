/** One CEL rule of a CRD. The message names the field and the remedy. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  /** The field to blame, such as `.endDate`, where it is not the one that carries the rule. */
  readonly fieldPath?: string;
}

/** Metadata that carries CEL rules through zod into the CRD. */
export function rules(...list: readonly Rule[]): { 'x-kubernetes-validations': readonly Rule[] } {
  return { 'x-kubernetes-validations': list };
}
