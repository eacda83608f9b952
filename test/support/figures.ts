/** Prints what was measured, for people to read; nothing depends on it. */
export function tellFigure(subject: string, value: string): void {
  process.stderr.write(`${subject}: ${value}\n`);
}

/** Seconds since this moment (milliseconds since 1970), to a tenth. */
export function secondsSince(moment: number): string {
  return `${((Date.now() - moment) / 1000).toFixed(1)} s`;
}
