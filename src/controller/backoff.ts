const FIRST = 1_000;
const LONGEST = 300_000;

/** Milliseconds to wait after so many failures in a row (1 is the first): 1 s doubling to 5 min, less up to a quarter. */
export function backoff(failures: number, random: () => number): number {
  const delay = Math.min(LONGEST, FIRST * 2 ** Math.min(Math.max(failures, 1) - 1, 30));
  return Math.round(delay * (1 - random() / 4));
}
