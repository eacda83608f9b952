/**
 * How one reconcile ended. Everything unexpected is thrown instead, and retried with back-off by the controller.
 *
 * - `done`: the world matches; look again after `checkAfter`, or when something changes.
 * - `waiting`: something outside has to happen first; look again after `checkAfter`. Not an error.
 * - `failed`: it did not work and may work later; retried with back-off, not before `notBefore` nor after `notAfter`.
 * - `stalled`: a person must act; look again when something changes, or after the long `checkAfter`.
 *
 * Durations are milliseconds.
 */
export type Outcome =
  | { readonly kind: 'done'; readonly checkAfter?: number }
  | { readonly kind: 'waiting'; readonly checkAfter: number }
  | { readonly kind: 'failed'; readonly notBefore?: number; readonly notAfter?: number }
  | { readonly kind: 'stalled'; readonly checkAfter?: number };
