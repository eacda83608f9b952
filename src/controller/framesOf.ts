const MOST_FRAMES = 10;

/** Where an error was thrown: its stack without its message, which may quote what must not be logged. */
export function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) {
    return [];
  }
  const start = error.stack.indexOf(error.message);
  return error.stack
    .slice(start < 0 ? 0 : start + error.message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, MOST_FRAMES);
}
