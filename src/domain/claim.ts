/** A resource's wish to own a DAG on a client. */
export interface Claim {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** RFC 3339. */
  readonly creationTimestamp: string;
}

/** Who keeps a DAG that several claim: the oldest, and among equals the lowest uid. */
export function winnerOf(claims: readonly Claim[]): Claim | undefined {
  return claims.toSorted(byAge)[0];
}

function byAge(left: Claim, right: Claim): number {
  const age = Date.parse(left.creationTimestamp) - Date.parse(right.creationTimestamp);
  if (age !== 0) {
    return age;
  }
  return left.uid < right.uid ? -1 : 1;
}
