/** The part of a version that decides what fits together. */
export interface Version {
  readonly major: number;
  readonly minor: number;
}

export function parseVersion(text: string): Version | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) };
}

/** OpenMetadata's own rule since 1.7: major and minor must be equal. */
export function versionsFit(left: Version, right: Version): boolean {
  return left.major === right.major && left.minor === right.minor;
}

export function isAtLeast(version: Version, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
