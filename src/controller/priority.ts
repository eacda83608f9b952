/** `low` is for keys that nobody waits for: those of the initial list and of periodic checks. */
export type Priority = 'normal' | 'low';
