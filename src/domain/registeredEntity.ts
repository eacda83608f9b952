/** The entity of a pipeline as OpenMetadata has it, as far as it matters whose it is and how it stands. */
export interface RegisteredEntity {
  readonly id: string;
  /** Carries the ownership mark of the operator (see mark.ts). */
  readonly description: string;
  readonly displayName?: string | undefined;
  /** Who made it: `user`, `system` or, since 1.7, `automation`. */
  readonly provider?: string | undefined;
  /** Grows with every change, whoever makes it. */
  readonly version: number;
  /** Deleted in a way that can be undone. */
  readonly deleted: boolean;
  readonly scheduleInterval?: string | undefined;
}
