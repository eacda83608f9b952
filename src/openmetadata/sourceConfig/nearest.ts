/** Long keys often share an ending, so more slips than these make another word. */
const MOST_SLIPS = 3;

/** The candidate that the word was most likely meant to be, or undefined where none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distanceTo(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= tolerance(word, candidate))
    .toSorted((left, right) => left.distance - right.distance);
  return best?.candidate;
}

/** One slip in three letters, and at least one. */
function tolerance(word: string, candidate: string): number {
  return Math.min(MOST_SLIPS, Math.max(1, Math.floor(Math.min(word.length, candidate.length) / 3)));
}

/** Less than one slip for a word that was broken off or went on. Lengths come first: people may write very long keys. */
function distanceTo(word: string, candidate: string): number {
  const [one, other] = [word.toLowerCase(), candidate.toLowerCase()];
  const difference = Math.abs(one.length - other.length);
  const isPart = Math.min(one.length, other.length) >= 4 && (one.startsWith(other) || other.startsWith(one));
  if (isPart) return Math.min(difference / 100, 1);
  return difference > MOST_SLIPS ? Infinity : editDistance(one, other);
}

/** Letters to insert, remove, replace or swap with their neighbour. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(beforeLast, column - 2) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
