/** Milliseconds: the first and the longest pause between two attempts. */
export interface RetryLimits {
  readonly first: number;
  readonly longest: number;
}

/** The pause after the given number of failures in a row (1 is the first): doubling, between half and all of it. */
export function retryDelay(failures: number, limits: RetryLimits, random: () => number): number {
  const delay = Math.min(limits.longest, limits.first * 2 ** Math.min(failures - 1, 30));
  return delay * (0.5 + random() / 2);
}
