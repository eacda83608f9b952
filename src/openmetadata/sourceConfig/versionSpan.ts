/**
 * When something is known, told from a version in which it is not: "since 1.11", "up to 1.3", "only in 1.7 to 1.9".
 * Undefined where no version knows it.
 */
export function versionSpan(
  knowing: readonly string[],
  present: string,
  all: readonly string[],
): string | undefined {
  const here = all.indexOf(present);
  const later = knowing.filter((version) => all.indexOf(version) > here);
  const earlier = knowing.filter((version) => all.indexOf(version) < here);
  const spans = [earlier.length > 0 && pastSpan(earlier, all), later.length > 0 && futureSpan(later, all)];
  const told = spans.filter((span) => typeof span === 'string');
  return told.length === 0 ? undefined : told.join(', and ');
}

function pastSpan(versions: readonly string[], all: readonly string[]): string {
  const [first = '', last = ''] = [versions[0], versions.at(-1)];
  if (first === all[0]) return `only up to ${last}`;
  return first === last ? `only in ${last}` : `only in ${first} to ${last}`;
}

function futureSpan(versions: readonly string[], all: readonly string[]): string {
  const [first = '', last = ''] = [versions[0], versions.at(-1)];
  if (last === all.at(-1)) return `only since ${first}`;
  return first === last ? `only in ${first}` : `only in ${first} to ${last}`;
}
