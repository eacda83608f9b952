const HASH_LENGTH = 12;
const PATTERN = / ?\[ingestion\.open-metadata\.org ([^\s/\]]+)\/([^\s/\]]+)\/([^\s/\]]+) ([0-9a-f]{12})\]$/;

/** Who a DAG belongs to: not the uid, so that a resource restored from a backup finds its DAG again. */
export interface Owner {
  /** Tells apart the operators of several clusters that deploy to one Airflow. */
  readonly ownerId: string;
  readonly namespace: string;
  readonly name: string;
}

/** What the operator writes at the end of a DAG's description: whose it is and which configuration it runs. */
export interface Mark {
  readonly owner: Owner;
  /** The first 12 hexadecimal digits of the configuration's hash. */
  readonly hash: string;
}

export function createMark(owner: Owner, configHash: string): Mark {
  return { owner, hash: configHash.slice(0, HASH_LENGTH) };
}

export function appendMark(description: string, mark: Mark): string {
  const { ownerId, namespace, name } = mark.owner;
  return `${description} [ingestion.open-metadata.org ${ownerId}/${namespace}/${name} ${mark.hash}]`.trimStart();
}

export function readMark(description: string): Mark | undefined {
  const [, ownerId, namespace, name, hash] = PATTERN.exec(description) ?? [];
  if (ownerId === undefined || namespace === undefined || name === undefined || hash === undefined) {
    return undefined;
  }
  return { owner: { ownerId, namespace, name }, hash };
}

export function sameOwner(left: Owner, right: Owner): boolean {
  return left.ownerId === right.ownerId && left.namespace === right.namespace && left.name === right.name;
}
